// SPDX-License-Identifier: Apache-2.0
// Rows of Trivy's Java packages that are not "file -> packages".
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asString, entriesOf } from '../../../src/formats/document.ts';
import type { SourceFile } from '../../../src/sources/source.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed } from '../pack.ts';
import { catalogInput } from './catalog.ts';
import { inputOf, readTxtar } from './inputs.ts';
import { mappingOf } from './mapping.ts';
import type { Row, RowRunner } from './rows.ts';
import { unmapped } from './rows.ts';

/**
 * The servers of the test are archives of project files: shown as local repositories in the tree. Only the licence of each package
 * that the row names is compared, as upstream does.
 */
function runRemoteRepositories(row: Row, root: string): CaseResult {
  const mapping = mappingOf(row);
  const input = inputOf(row, root);
  if (mapping === undefined || input === undefined || row['wantPackages'] === undefined) return unmapped(row);
  const output = catalogInput({ ...input, alongside: repositoriesOf(row, root) }, mapping, row);
  if (output === undefined) return failed(`catalogers ${mapping.catalogers.join(', ')}`, 'not in the list');
  const packages = output.lists.flatMap((list) => list.packages);
  const wanted = entriesOf(row['wantPackages']).map(([id, license]) => [id.split('::')[0], license]);
  const actual = wanted.map(([id]) => [
    id,
    packages.find((item) => `${item.name}:${item.version}` === id)?.licenses[0],
  ]);
  return expectEqual(wanted, actual);
}

function repositoriesOf(row: Row, root: string): SourceFile[] {
  const archives = (row.inputs ?? [])
    .filter((path) => path.endsWith('.txtar'))
    .map((path) => join(root, 'inputs', path));
  const files = archives.filter(existsSync).map((path) => readTxtar(readFileSync(path, 'utf8')));
  return files.flatMap((list, index) => list.map((file) => ({ ...file, path: `repository-${index}/${file.path}` })));
}

export const javaRunners: readonly RowRunner[] = [
  { prefix: 'pkg/dependency/parser/java/pom/parse_test.go#TestPom_Parse_Remote_Repos/', run: runRemoteRepositories },
];

/** `exampleApi("5c1ec8f", 16, 21)`: a test function that makes the package whose id ends in that sum; the ids stand in `wantDeps`. */
export function packageOfCall(
  call: { readonly args?: readonly unknown[] },
  ids: readonly string[],
): { ID: string; Name: string; Version: string } | undefined {
  const sum = asString(call.args?.[0]);
  const id = sum === undefined ? undefined : ids.find((item) => item.endsWith(`::${sum}`));
  const [group, artifact, version] = id?.split('::')[0]?.split(':') ?? [];
  return id === undefined || version === undefined
    ? undefined
    : { ID: id, Name: `${group}:${artifact}`, Version: version };
}
