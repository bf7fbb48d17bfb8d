// SPDX-License-Identifier: Apache-2.0
// ELF files that say which package of the distribution they belong to (note `.note.package`), also where its database is gone.
import { readElf } from '../../formats/elf.ts';
import { readElfPackageNote } from '../../formats/elf-package-note.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { elfPackage } from '../package-facts/elf-package.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const elfPackageNote = defineCataloger({
  id: 'elf-package-note',
  title: 'Package notes of ELF files',
  ecosystems: ['generic'],
  kind: 'installed',
  files: [],
  executables: ['elf'],
  // The files of one package tell the same: one list, each package once.
  gather: { placeOf: () => '.', link: joined },
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['distributions that write no notes; Fedora, Arch Linux, Wolfi and others do'],
  },
  parse: parseNote,
});

function parseNote(file: SourceFile): CatalogResult {
  const image = readElf(file.bytes);
  const found = image === undefined ? undefined : readElfPackageNote(image);
  const location = { path: file.path };
  if (found === undefined) return { packages: [], problems: [] };
  if (found.kind === 'broken') {
    const message = `the package note is no JSON: ${found.reason}`;
    return { packages: [], problems: [{ kind: 'syntax', message, location, hidesFindings: false }] };
  }
  const item = elfPackage(found.note, location);
  return { packages: item === undefined ? [] : [item], problems: [] };
}

function joined(packages: readonly Package[]): readonly Package[] {
  const byKey = new Map<string, Package>();
  for (const item of packages) {
    const key = item.purl ?? item.id;
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? item : { ...known, locations: [...known.locations, ...item.locations] });
  }
  return [...byKey.values()];
}
