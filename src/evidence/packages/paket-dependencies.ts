// SPDX-License-Identifier: Apache-2.0
// paket.dependencies: https://fsprojects.github.io/Paket/dependencies-file.html
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { nugetPackage } from '../package-facts/nuget.ts';
import { githubPackage, scopeOfPaketGroup } from '../package-facts/paket.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const paketDependencies = defineCataloger({
  id: 'paket-dependencies',
  title: 'paket.dependencies',
  ecosystems: ['nuget', 'github'],
  kind: 'declared',
  files: ['**/paket.dependencies'],
  yieldsTo: ['paket-lock'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['transitive packages: they stand in paket.lock', 'git and HTTP sources other than GitHub'],
  },
  parse: parsePaketDependencies,
});

function parsePaketDependencies(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const packages: Package[] = [];
  let group = 'Main';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const words = withoutComment(raw).trim().split(/\s+/);
    const [keyword = '', name = ''] = words;
    const location = { path: file.path, line: index + 1 };
    if (keyword === 'group' && name !== '') group = name;
    else if (/^(?:nuget|clitool)$/.test(keyword) && name !== '')
      packages.push(packageOfLine(words.slice(1), group, location));
    else if (keyword === 'github' && name.includes('/')) {
      const [repository = '', version = ''] = name.split(':');
      packages.push(githubPackage(repository, version, { ...shared(group, location), relationship: 'direct' }));
    }
  }
  return { packages: mergePackages(packages), problems };
}

/** `Name`, then an optional requirement of one or two operators with versions, then options `key: value`. */
function packageOfLine(words: readonly string[], group: string, location: Location): Package {
  const [name = '', ...rest] = words;
  const end = rest.findIndex((word) => word.endsWith(':'));
  const requirement = (end === -1 ? rest : rest.slice(0, end)).filter((word) =>
    /^(?:[!@]?(?:[<>=~]{1,2}|==)|[0-9].{0,100})$/.test(word),
  );
  const constraint = requirement.join(' ');
  const exact = /^(?:={1,2} )?([0-9][^\s*]{0,100})$/.exec(constraint)?.[1] ?? '';
  return nugetPackage(name, exact, {
    ...shared(group, location),
    relationship: 'direct',
    ...(constraint === '' || constraint === exact ? {} : { constraint }),
  });
}

function shared(group: string, location: Location): Partial<Package> {
  return { scope: scopeOfPaketGroup(group), locations: [location], facts: { groups: [group] } };
}

/** `//` begins a comment unless it is part of an address; `#` begins one at the start of a word. */
function withoutComment(line: string): string {
  return line.replace(/(?:^|[^:])\/\/.*$/, (found) => found.charAt(0).replace('/', '')).replace(/(?:^|\s)#.*$/, '');
}
