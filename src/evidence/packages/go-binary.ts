// SPDX-License-Identifier: Apache-2.0
// Programs built by Go: the modules that the linker wrote into them. See formats/go-buildinfo.ts for where they stand.
import { readExecutable } from '../../formats/executable.ts';
import { readGoBuildInfo } from '../../formats/go-buildinfo.ts';
import { isUpxCompressed } from '../../formats/upx.ts';
import type { SourceFile } from '../../sources/source.ts';
import { goBinaryPackages } from '../package-facts/go-binary.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const goBinary = defineCataloger({
  id: 'go-binary',
  title: 'Go programs (ELF, PE, Mach-O, XCOFF)',
  ecosystems: ['golang'],
  kind: 'installed',
  files: [],
  executables: ['elf', 'pe', 'mach-o', 'xcoff'],
  capabilities: {
    versions: 'exact',
    dependencies: 'direct',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: [
      'programs compressed with UPX, and such whose build information was removed',
      'which module needs which: the program depends on all of them',
      'the version of the program itself, where neither a tag nor linker flags tell it',
    ],
  },
  parse: parseGoBinary,
});

function parseGoBinary(file: SourceFile): CatalogResult {
  const image = readExecutable(file.bytes);
  const info = image === undefined ? undefined : readGoBuildInfo(image);
  if (image === undefined || info === undefined) return { packages: [], problems: compressed(file) };
  const architecture = info.settings.get('GOARCH') ?? image.architecture;
  return { packages: goBinaryPackages({ info, architecture, location: { path: file.path } }), problems: [] };
}

/** Of any language: what it is made of is packed away. */
function compressed(file: SourceFile): CatalogResult['problems'] {
  if (!isUpxCompressed(file.bytes)) return [];
  const message = 'compressed with UPX: which modules or crates are in it cannot be read';
  return [{ kind: 'unsupported', message, location: { path: file.path }, hidesFindings: true }];
}
