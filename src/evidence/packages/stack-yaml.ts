// SPDX-License-Identifier: Apache-2.0
// stack.yaml of Haskell's Stack: the packages named under `extra-deps`. https://docs.haskellstack.org/en/stable/configure/yaml/project
import { asArray, asObject } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { packagesOfLocation } from '../package-facts/stack.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const stackYaml = defineCataloger({
  id: 'stack-yaml',
  title: 'stack.yaml',
  ecosystems: ['hackage'],
  kind: 'declared',
  files: ['**/stack.yaml'],
  yieldsTo: ['stack-lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['packages of the snapshot (resolver)', 'repositories under extra-deps whose packages are not named'],
  },
  parse: parseStackYaml,
});

function parseStackYaml(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const found: Package[] = [];
  for (const [index, item] of asArray(asObject(document.value)?.['extra-deps']).entries()) {
    const location = document.locate(['extra-deps', index]);
    const packages = packagesOfLocation(item, location);
    if (packages !== undefined) found.push(...packages.map((one) => ({ ...one, relationship: 'direct' as const })));
    else problems.push({ kind: 'schema', message: 'an entry that names no package', location, hidesFindings: true });
  }
  return { packages: withUniqueIds(found), problems };
}
