// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../formats/glob.ts';
import { noCompanions } from './cataloger.ts';
import { diskImage } from './disk-image.ts';

function problemsOf(path: string, bytes: Uint8Array): readonly string[] {
  return diskImage.parse({ path, bytes }, noCompanions).problems.map((problem) => problem.message);
}

describe('disk-image', () => {
  it('says that a disk image was not looked at', () => {
    const ova = new Uint8Array(512);
    ova.set(Buffer.from('ustar'), 257);

    expect(problemsOf('vm/disk.qcow2', Buffer.from('514649fb00000003', 'hex'))).toEqual([
      'a disk image (QCOW): what is installed in it is not looked at',
    ]);
    expect(problemsOf('vm/a.ova', ova)).toEqual(['a disk image (OVA): what is installed in it is not looked at']);
  });

  it('passes over a file that only bears the name', () => {
    expect(problemsOf('notes.vdi', Buffer.from('some notes'))).toEqual([]);
  });

  it.each(['DISK.VDI', 'a/b/disk.qcow2', 'disk.vmdk', 'Disk.Ova', 'x.qcow'])('takes %s', (path) => {
    expect(diskImage.files.some((glob) => compileGlob(glob)(path))).toBe(true);
  });
});
