// SPDX-License-Identifier: Apache-2.0
// Images of virtual disks (QCOW2, VDI, VMDK, OVA): they can hold a whole system, which is not looked at, and that must be said.
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const diskImage = defineCataloger({
  id: 'disk-image',
  title: 'QCOW2, VDI, VMDK and OVA disk images (reported, not read)',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/*.[qQ][cC][oO][wW]{,2,2c,2C}', '**/*.[vV][dD][iI]', '**/*.[vV][mM][dD][kK]', '**/*.[oO][vV][aA]'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['everything: export the file system and scan the folder'],
  },
  parse,
});

/** First bytes by format; an OVA is a tar archive with its mark at 257. A file that only bears the name is passed over. */
const marks: readonly { readonly name: string; readonly at: number; readonly text: string }[] = [
  { name: 'QCOW', at: 0, text: 'QFI\u00FB' },
  { name: 'VDI', at: 64, text: '\u007F\u0010\u00DA\u00BE' },
  { name: 'VMDK', at: 0, text: 'KDMV' },
  { name: 'VMDK', at: 0, text: 'COWD' },
  { name: 'VMDK', at: 0, text: '# Disk DescriptorFile' },
  { name: 'OVA', at: 257, text: 'ustar' },
];

function parse(file: SourceFile): CatalogResult {
  const head = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, Math.min(file.bytes.length, 512)).toString(
    'latin1',
  );
  const mark = marks.find(({ at, text }) => head.startsWith(text, at));
  if (mark === undefined) return { packages: [], problems: [] };
  const message = `a disk image (${mark.name}): what is installed in it is not looked at`;
  return {
    packages: [],
    problems: [{ kind: 'unsupported', message, location: { path: file.path }, hidesFindings: true }],
  };
}
