// SPDX-License-Identifier: Apache-2.0
// The formula that Homebrew keeps in the folder of what it installed, for folders without a receipt; and formulae of taps, which are the
// packages that could be installed, are not read.
import { decodeText } from '../../formats/text.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { readFormula } from '../package-facts/homebrew-formula.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const homebrewFormula = defineCataloger({
  id: 'homebrew-formula',
  title: 'Cellar/*/*/.brew/*.rb',
  ecosystems: ['brew'],
  kind: 'installed',
  files: ['**/Cellar/*/*/.brew/*.rb'],
  yieldsTo: ['homebrew-cellar'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['what the formula computes', 'which formula needs which'],
  },
  parse: parseFormula,
});

function parseFormula(file: SourceFile): CatalogResult {
  const [, name = '', version = ''] = /(?:^|\/)Cellar\/([^/]{1,200})\/([^/]{1,200})\//.exec(file.path) ?? [];
  if (name === '') return { packages: [], problems: [] };
  const { text, problems } = decodeText(file.bytes, file.path);
  const { facts, licenses } = readFormula(text);
  const purl = formatPurl({ type: 'brew', name, version });
  const found = packageOf({ name, version, type: 'brew', purl, licenses, locations: [{ path: file.path }], facts });
  return { packages: [found], problems };
}
