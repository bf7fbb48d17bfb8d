// SPDX-License-Identifier: Apache-2.0
// stack.yaml.lock of Haskell's Stack: the packages beyond the snapshot. https://docs.haskellstack.org/en/stable/topics/lock_files
import { asArray, asObject, asString } from '../../formats/document.ts';
import { cutOffProblem, decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { packagesOfLocation } from '../package-facts/stack.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const stackLock = defineCataloger({
  id: 'stack-lock',
  title: 'stack.yaml.lock',
  ecosystems: ['hackage'],
  kind: 'declared',
  files: ['**/stack.yaml.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['packages of the snapshot (resolver) itself: they are listed elsewhere'],
  },
  parse: parseStackLock,
});

function parseStackLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const value = asObject(document.value);
  if (value?.['packages'] !== undefined && value['snapshots'] === undefined)
    problems.push(cutOffProblem(file.path, 'the list "snapshots"'));
  const snapshot = asObject(asObject(asArray(value?.['snapshots'])[0])?.['completed']);
  const url = asString(snapshot?.['url']);
  const found: Package[] = [];
  for (const [index, item] of asArray(value?.['packages']).entries()) {
    const entry = asObject(item);
    const location = document.locate(['packages', index]);
    const packages = packagesOfLocation(entry?.['completed'] ?? entry?.['original'], location);
    if (packages !== undefined) found.push(...packages);
    else problems.push({ kind: 'schema', message: 'an entry that names no package', location, hidesFindings: true });
  }
  const packages = found.map((item) =>
    url === undefined ? item : { ...item, facts: { ...item.facts, other: { ...item.facts?.other, snapshot: url } } },
  );
  return { packages: withUniqueIds(packages), problems };
}
