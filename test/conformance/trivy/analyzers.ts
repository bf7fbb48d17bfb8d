// SPDX-License-Identifier: Apache-2.0
// analyzers/*.json: a folder, or one file, -> applications, each with the packages of one lock file. A boolean `want` asks whether
// a path is read at all. An empty `want` for a broken file is met by no packages, or by a problem that hides findings beside
// the ones that could be read (Trivy drops the whole file and logs).
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import type { CatalogOfRow } from './catalog.ts';
import { catalogInput, wouldRead } from './catalog.ts';
import { filesAlongside, inputOf } from './inputs.ts';
import { mappingOf } from './mapping.ts';
import type { Comparison, WantedPackage } from './packages.ts';
import { comparePackages } from './packages.ts';
import type { Row } from './rows.ts';
import { casesOf, unmapped, wantedError } from './rows.ts';
import { runners } from './runners.ts';

export function cases(root: string): ConformanceCase[] {
  return casesOf(root, 'analyzers', runners, (row) => runAnalyzer(row, root));
}

function runAnalyzer(row: Row, root: string): CaseResult {
  const mapping = mappingOf(row);
  if (mapping === undefined) return unmapped(row);
  const want = row['want'];
  if (typeof want === 'boolean') {
    const path = asString(row['filePath']) ?? asString(row['path']) ?? asString(row['inputFile']);
    return path === undefined ? unmapped(row) : expectEqual(want, wouldRead(path, mapping));
  }
  const input = inputOf(row, root);
  if (input === undefined) return unmapped(row);
  const alongside = filesAlongside(row, root, mapping.alongside?.(row) ?? []);
  const output = catalogInput({ ...input, alongside }, mapping, row);
  if (output === undefined) return failed(`catalogers ${mapping.catalogers.join(', ')}`, 'not in the list');
  const broken = output.problems.some((problem) => problem.hidesFindings);
  if (wantedError(row) === 'stated') return broken ? passed : failed('a problem that hides findings', output.lists);
  const applications = applicationsOf(want);
  if (applications === undefined) return unmapped(row);
  if (applications.size === 0 && broken) return passed;
  return compareApplications(applications, output, { row, mapping, dependencies: 'compared' });
}

/** Packages by file path; undefined when the row wants something else than applications. */
function applicationsOf(want: unknown): Map<string, readonly WantedPackage[]> | undefined {
  if (want === null || want === undefined) return new Map();
  const result = asObject(want);
  if (result === undefined || Object.keys(result).some((key) => key !== 'Applications' && key !== 'type'))
    return undefined;
  const found = new Map<string, WantedPackage[]>();
  for (const item of asArray(result['Applications'])) {
    const application = asObject(item);
    if (application === undefined || 'call' in application) return undefined;
    const path = asString(application['FilePath']) ?? '';
    const packages = asArray(application['Packages']) as WantedPackage[];
    found.set(path, [...(found.get(path) ?? []), ...packages]);
  }
  return found;
}

function compareApplications(
  applications: Map<string, readonly WantedPackage[]>,
  output: CatalogOfRow,
  how: Comparison,
): CaseResult {
  const ours = new Map<string, Package[]>();
  for (const list of output.lists) {
    const path = output.names.get(list.path) ?? list.path;
    ours.set(path, [...(ours.get(path) ?? []), ...list.packages]);
  }
  for (const path of new Set([...applications.keys(), ...ours.keys()])) {
    const result = comparePackages(applications.get(path) ?? [], ours.get(path) ?? [], how);
    if (result.outcome === 'failed') return failed({ file: path, expected: result.expected }, result.actual);
  }
  return passed;
}
