// SPDX-License-Identifier: Apache-2.0
// boot/vmlinuz*: the version that the boot header of an x86 kernel image states.
// https://docs.kernel.org/arch/x86/boot.html ("The Real-Mode Kernel Header")
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const kernelImage = defineCataloger({
  id: 'kernel-image',
  title: 'boot/vmlinuz*',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['boot/**/vmlinuz', 'boot/**/vmlinuz-*', 'usr/lib/modules/*/vmlinuz'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['kernels of other architectures, whose images have no such header', 'kernel modules'],
  },
  parse: parseKernel,
});

function parseKernel(file: SourceFile): CatalogResult {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  if (bytes.length < 0x210 || bytes.toString('latin1', 0x202, 0x206) !== 'HdrS') return { packages: [], problems: [] };
  // The pointer counts from the end of the boot sector.
  const start = 0x200 + bytes.readUInt16LE(0x20e);
  const end = bytes.indexOf(0, start);
  const description =
    start < bytes.length && end !== -1 && end - start < 500 ? bytes.toString('latin1', start, end) : '';
  const version = /^\d{1,4}\.\S{1,100}/.exec(description)?.[0];
  if (version === undefined) return { packages: [], problems: [] };
  const purl = formatPurl({ type: 'generic', name: 'linux-kernel', version });
  const found = packageOf({
    name: 'linux-kernel',
    version,
    type: 'generic',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path }],
    facts: { description },
  });
  return { packages: [found], problems: [] };
}
