// SPDX-License-Identifier: Apache-2.0
// parsers/*.json: one lock file or manifest -> packages and dependencies.
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed, passed } from '../pack.ts';
import { catalogInput } from './catalog.ts';
import { filesAlongside, inputOf } from './inputs.ts';
import { mappingOf } from './mapping.ts';
import { packageOfCall } from './maven-fixtures.ts';
import type { WantedDependency, WantedPackage } from './packages.ts';
import { comparePackages } from './packages.ts';
import type { Row } from './rows.ts';
import { casesOf, unmapped, wantedError } from './rows.ts';
import { runners } from './runners.ts';

export function cases(root: string): ConformanceCase[] {
  return casesOf(root, 'parsers', runners, (row) => runParser(row, root));
}

function runParser(row: Row, root: string): CaseResult {
  const mapping = mappingOf(row);
  const input = inputOf(row, root);
  if (mapping === undefined || input === undefined) return unmapped(row);
  const alongside = filesAlongside(row, root, mapping.alongside?.(row) ?? []);
  const output = catalogInput({ ...input, alongside }, mapping, row);
  if (output === undefined) return failed(`catalogers ${mapping.catalogers.join(', ')}`, 'not in the list');
  const ours = output.lists.flatMap((list) => list.packages);
  if (wantedError(row) === 'stated') {
    return output.problems.some((problem) => problem.hidesFindings)
      ? passed
      : failed('a problem that hides findings', ours);
  }
  const wanted = resolveCalls(row['want'] ?? row['wantPkgs'] ?? [], row);
  if (!isPackages(wanted)) return unmapped(row);
  const dependencies = asArray(row['wantDeps']) as readonly (WantedDependency | null)[];
  const edges = new Map(dependencies.map((item) => [item?.ID, item?.DependsOn]));
  const joined = wanted.map((item) => ({ ...item, DependsOn: edges.get(item.ID) ?? item.DependsOn ?? [] }));
  // A text is the name of an upstream variable that the pack could not resolve: its edges are unknown.
  // null states nothing: upstream's npm test compares edges only where a row sets them, and one row with null has an edge in its input.
  const stated = 'wantDeps' in row && typeof row['wantDeps'] !== 'string' && row['wantDeps'] !== null;
  const result = comparePackages(joined, ours, { row, mapping, dependencies: stated ? 'compared' : 'unstated' });
  const reason = result.outcome === 'passed' ? undefined : mapping.incomplete?.(input, alongside);
  return reason === undefined ? result : { outcome: 'skipped', reason };
}

/** `[]ftypes.Package(nil)`, the empty list of Go. */
function isNilSlice(wanted: unknown): boolean {
  const call = asObject(wanted);
  return asString(call?.['call'])?.startsWith('[]') === true && asArray(call?.['args'])[0] === null;
}

/** Packages that upstream makes with a function of the test are known by their id, which stands in `wantDeps`. */
function resolveCalls(wanted: unknown, row: Row): unknown {
  if (isNilSlice(wanted)) return [];
  if (!Array.isArray(wanted)) return wanted;
  const dependencies = asArray(row['wantDeps']) as readonly (WantedDependency | null)[];
  const ids = dependencies.flatMap((item) => [item?.ID ?? '', ...(item?.DependsOn ?? [])]);
  return wanted.map((item: { readonly call?: string; readonly args?: readonly unknown[] } | null) =>
    item?.call === undefined ? item : (packageOfCall(item, ids) ?? item),
  );
}

function isPackages(value: unknown): value is readonly WantedPackage[] {
  return Array.isArray(value) && value.every((item) => item !== null && typeof item === 'object' && !('call' in item));
}
