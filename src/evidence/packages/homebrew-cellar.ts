// SPDX-License-Identifier: Apache-2.0
// Cellar/<formula>/<version>/INSTALL_RECEIPT.json and Caskroom/<cask>/<version>/: what Homebrew installed.
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { readFormula } from '../package-facts/homebrew-formula.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const homebrewCellar = defineCataloger({
  id: 'homebrew-cellar',
  title: 'Cellar/*/*/INSTALL_RECEIPT.json, Caskroom',
  ecosystems: ['brew'],
  kind: 'installed',
  files: [
    '**/Cellar/*/*/INSTALL_RECEIPT.json',
    '**/Caskroom/*/*/*.wrapper.sh',
    '**/Caskroom/*/*/*.app',
    '**/Caskroom/*/*/*/source.properties',
  ],
  companions: ['**/Cellar/*/*/.brew/*.rb'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['casks that install neither a wrapper nor an application file', 'which formula needs which'],
  },
  parse: parseInstalled,
});

function parseInstalled(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const match = /(?:^|\/)(Cellar|Caskroom)\/([^/]{1,200})\/([^/]{1,200})\//.exec(file.path);
  if (match === null) return { packages: [], problems: [] };
  const [, place, name = '', version = ''] = match;
  const problems: Problem[] = [];
  const facts = place === 'Cellar' ? receiptFacts(file, problems) : {};
  const folder = file.path.slice(0, file.path.lastIndexOf('/'));
  const formula = place === 'Cellar' ? tree.get(`${folder}/.brew/${name}.rb`) : undefined;
  const stated = formula === undefined ? undefined : readFormula(decodeText(formula.bytes, formula.path).text);
  const purl = formatPurl({ type: 'brew', name, version });
  const found = packageOf({
    name,
    version,
    type: 'brew',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path }],
    licenses: stated?.licenses,
    facts: { ...stated?.facts, ...facts },
  });
  return { packages: [found], problems };
}

/** The folder names the formula; the receipt adds where it comes from. */
function receiptFacts(file: SourceFile, problems: Problem[]): PackageFacts {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  problems.push(...encoding, ...document.problems.map((problem) => ({ ...problem, hidesFindings: false })));
  const receipt = asObject(document.value);
  const tap = asString(asObject(receipt?.['source'])?.['tap']);
  const architecture = asString(receipt?.['arch']);
  const needs = asArray(receipt?.['runtime_dependencies']).map((item) => asString(asObject(item)?.['full_name']));
  const depends = needs.filter((name) => name !== undefined).join(', ');
  const other = { ...(tap === undefined ? {} : { tap }), ...(depends === '' ? {} : { depends }) };
  return {
    ...(architecture === undefined ? {} : { architecture }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
}
