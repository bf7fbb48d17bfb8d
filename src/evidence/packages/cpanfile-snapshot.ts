// SPDX-License-Identifier: Apache-2.0
// cpanfile.snapshot of Carton: every distribution with the modules it provides and requires.
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { cpanPackage } from '../package-facts/cpan.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cpanfileSnapshot = defineCataloger({
  id: 'cpanfile-snapshot',
  title: 'cpanfile.snapshot',
  ecosystems: ['cpan'],
  kind: 'declared',
  files: ['**/cpanfile.snapshot'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['which distributions are asked for directly, and for what'],
  },
  parse: parseSnapshot,
});

interface Distribution {
  item: Package;
  readonly provides: string[];
  readonly requires: string[];
}

/** Indentation carries the structure: two spaces a distribution, four a field, six an entry of `provides` or `requirements`. */
function parseSnapshot(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const found: Distribution[] = [];
  let field = '';
  for (const [index, line] of text.split('\n').entries()) {
    const depth = line.search(/\S/);
    const content = line.trim();
    if (depth === 2) {
      const split = /^(.+)-(v?[0-9][A-Za-z0-9._]*)$/.exec(content);
      const location = { path: file.path, line: index + 1 };
      const [, name = content, version = ''] = split ?? [];
      found.push({ item: cpanPackage({ name, version, locations: [location] }), provides: [], requires: [] });
    } else if (depth === 4) {
      field = content.split(':')[0] ?? '';
      if (field === 'pathname') addAuthor(found.at(-1), content);
    } else if (depth === 6) {
      const module = content.split(' ')[0] ?? '';
      if (field === 'provides') found.at(-1)?.provides.push(module);
      else if (field === 'requirements') found.at(-1)?.requires.push(module);
    }
  }
  return { packages: linked(found), problems };
}

/** `pathname: P/PE/PERSON/Web-1.0.tar.gz`: the author's id is part of the package URL. */
function addAuthor(distribution: Distribution | undefined, line: string): void {
  const author = /[A-Z]\/[A-Z]{2}\/([A-Z][A-Z0-9-]+)\//.exec(line)?.[1];
  if (distribution === undefined || author === undefined) return;
  const { name, version, locations } = distribution.item;
  distribution.item = cpanPackage({ name, version, locations }, author);
}

function linked(found: readonly Distribution[]): readonly Package[] {
  const packages = withUniqueIds(found.map(({ item }) => item));
  const owners = new Map<string, string>();
  for (const [index, { provides }] of found.entries()) {
    for (const module of provides) owners.set(module, packages[index]?.id ?? '');
  }
  return packages.map((item, index) => {
    const ids = (found[index]?.requires ?? []).map((module) => owners.get(module));
    const others = ids.filter((id) => id !== undefined).filter((id) => id !== item.id);
    return { ...item, dependsOn: [...new Set(others)] };
  });
}
