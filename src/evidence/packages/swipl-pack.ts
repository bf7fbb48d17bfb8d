// SPDX-License-Identifier: Apache-2.0
// pack.pl: an installed package of SWI-Prolog. https://www.swi-prolog.org/howto/Pack.txt
import { readPrologFacts } from '../../formats/prolog-facts.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const swiplPack = defineCataloger({
  id: 'swipl-pack',
  title: 'pack.pl (SWI-Prolog)',
  ecosystems: ['swiplpack'],
  kind: 'installed',
  files: ['**/pack.pl'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['which pack needs which: names are kept as a fact'],
  },
  parse: parsePack,
});

function parsePack(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const facts = readPrologFacts(text);
  const valueOf = (name: string): string | undefined => facts.find((fact) => fact.name === name)?.values[0];
  const name = valueOf('name');
  const version = valueOf('version');
  if (name === undefined || version === undefined || name === '') {
    const message = 'no name or version';
    return {
      packages: [],
      problems: [...problems, { kind: 'schema', message, location: { path: file.path }, hidesFindings: true }],
    };
  }
  const author = facts.find((fact) => fact.name === 'author' || fact.name === 'packager')?.values.join(' ');
  const needs = facts.filter((fact) => fact.name === 'requires').map((fact) => fact.values[0] ?? '');
  const stated = { description: valueOf('title'), homepage: valueOf('home'), downloadUrl: valueOf('download'), author };
  const found: Package = packageOf({
    name,
    version,
    type: 'swiplpack',
    purl: formatPurl({ type: 'swiplpack', name, version }),
    locations: [{ path: file.path }],
    facts: {
      ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)),
      ...(needs.length === 0 ? {} : { other: { depends: needs.join(', ') } }),
    },
  });
  return { packages: [found], problems };
}
