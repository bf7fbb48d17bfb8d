// SPDX-License-Identifier: Apache-2.0
// Programs built by Go: the modules that the linker wrote into them. See formats/go-buildinfo.ts for where they stand.
import { goLinkedTexts } from '../../formats/elf.ts';
import { readExecutable } from '../../formats/executable.ts';
import type { ExecutableImage } from '../../formats/executable-image.ts';
import type { GoBuildInfo } from '../../formats/go-buildinfo.ts';
import { readGoBuildInfo } from '../../formats/go-buildinfo.ts';
import { readGoFunctionNames } from '../../formats/go-functions.ts';
import { isUpxCompressed } from '../../formats/upx.ts';
import type { SourceFile } from '../../sources/source.ts';
import { goBinaryPackages } from '../package-facts/go-binary.ts';
import { goLinkerVersion } from '../package-facts/go-linker-version.ts';
import { symbolsByPackage } from '../package-facts/go-symbols.ts';
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
  const names = readGoFunctionNames(image);
  const parts = {
    info,
    architecture: info.settings.get('GOARCH') ?? image.architecture,
    location: { path: file.path },
    symbols: names === undefined ? undefined : symbolsByPackage(names),
    symbolVersion: symbolVersion(image, info),
  };
  return { packages: goBinaryPackages(parts), problems: [] };
}

/** `go build -trimpath` does not record the linker's flags, but the texts that they set are symbols of an ELF file. */
function symbolVersion(image: ExecutableImage, info: GoBuildInfo): string | undefined {
  if (image.format !== 'elf') return undefined;
  const flags = [...goLinkedTexts(image)].map(([variable, text]) => `-X ${variable}=${text.replace(/\s/g, '')}`);
  return goLinkerVersion(flags.join(' '), info.main?.path ?? '');
}

/** Of any language: what it is made of is packed away. */
function compressed(file: SourceFile): CatalogResult['problems'] {
  if (!isUpxCompressed(file.bytes)) return [];
  const message = 'compressed with UPX: which modules or crates are in it cannot be read';
  return [{ kind: 'unsupported', message, location: { path: file.path }, hidesFindings: true }];
}
