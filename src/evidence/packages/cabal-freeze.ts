// SPDX-License-Identifier: Apache-2.0
// cabal.project.freeze: the versions `cabal freeze` wrote down. https://cabal.readthedocs.io/en/stable/cabal-project-description-file.html
import { cutOffProblem, decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { hackagePackage } from '../package-facts/hackage.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cabalFreeze = defineCataloger({
  id: 'cabal-freeze',
  title: 'cabal.project.freeze',
  ecosystems: ['hackage'],
  kind: 'declared',
  files: ['**/cabal.project.freeze'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: [
      'packages that come with the compiler (`installed`): the file has no version of them',
      'which package needs which',
    ],
  },
  parse: parseCabalFreeze,
});

const longestLine = 10_000;

/** Every constraint `any.name ==1.2` or `name ==1.2`; flags (`name +flag`) and `installed` state no version. */
function parseCabalFreeze(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems: Problem[] = [...encoding];
  const found: Package[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line.startsWith('--') || line.length > longestLine) continue;
    for (const part of line.replace(/^constraints:/, '').split(',')) {
      const match = /^\s*(?:any\.|setup\.)?([A-Za-z0-9][A-Za-z0-9-]*)\s*==\s*([0-9]+(?:\.[0-9]+)*)\s*$/.exec(part);
      const name = match?.[1];
      const version = match?.[2];
      if (name === undefined || version === undefined) continue;
      found.push(hackagePackage({ name, version, locations: [{ path: file.path, line: index + 1 }] }));
    }
  }
  if (endsInConstraint(text)) problems.push(cutOffProblem(file.path, 'the rest of a constraint'));
  return { packages: withUniqueIds(found), problems };
}

/** After a comma comes another constraint, and every constraint says more than a name; a version does not end in a dot. */
function endsInConstraint(text: string): boolean {
  const end = text.slice(-300).trimEnd();
  return /(?:,\s{0,200}[\w.-]{0,100}|==\s{0,10}(?:[\d.]{0,100}\.)?)$/.test(end);
}
