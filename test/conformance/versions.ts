// SPDX-License-Identifier: Apache-2.0
// Adapter of the pack `versions`: order lines of OSV-SCALIBR, and the version tables of Grype and Trivy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orderOf } from '../../src/advisories/versions/index.ts';
import type { VersionOrder } from '../../src/advisories/versions/order.ts';
import { type ConformanceCase, type ConformancePack, expectEqual } from './pack.ts';
import { grypeRow } from './versions/grype-rows.ts';
import { type Row, rowsOf } from './versions/rows.ts';
import { trivyRow } from './versions/trivy-rows.ts';

/** The order that a file of order lines speaks of, by the first word of its name. */
const ordersOfFiles: Readonly<Record<string, string>> = {
  alpine: 'apk',
  cran: 'cran',
  debian: 'dpkg',
  hackage: 'hackage',
  maven: 'maven',
  nuget: 'nuget',
  packagist: 'packagist',
  pub: 'pub',
  pypi: 'pep440',
  redhat: 'rpm',
  rubygems: 'rubygems',
  semver: 'semver',
};

function filesOf(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .sort();
}

function orderCases(root: string): ConformanceCase[] {
  const folder = join(root, 'order');
  return filesOf(folder, '.txt').flatMap((file) => {
    const order = orderOf(ordersOfFiles[file.split('-')[0] ?? ''] ?? '');
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    return lines.flatMap((line, index) => {
      const [left, operator, right] = line.trim().split(' ');
      if (left === undefined || operator === undefined || right === undefined || line.startsWith('#')) return [];
      return [{ id: `order/${file}:${index + 1} ${line.trim()}`, run: () => runLine(order, [left, operator, right]) }];
    });
  });
}

/** Both directions: `a < b` also says `b > a`. */
function runLine(order: VersionOrder | undefined, [left, operator, right]: [string, string, string]) {
  if (order === undefined) return expectEqual('an order', undefined);
  const mirrored = operator === '<' ? '>' : operator === '>' ? '<' : '=';
  return expectEqual([operator, mirrored], [signOf(order.compare(left, right)), signOf(order.compare(right, left))]);
}

function signOf(result: number): string {
  if (result === 0) return '=';
  return result < 0 ? '<' : '>';
}

function tableCases(root: string, folder: string, run: (row: Row, file: string) => ReturnType<ConformanceCase['run']>) {
  return filesOf(join(root, folder), '.json').flatMap((file) =>
    rowsOf(join(root, folder, file)).map((row) => ({
      id: `${folder}/${file}:${row.id}`,
      run: () => run(row, file),
    })),
  );
}

export const versionsPack: ConformancePack = {
  name: 'versions',
  cases: (root) => [
    ...orderCases(root),
    ...tableCases(root, 'grype', (row, file) => grypeRow(row, file)),
    ...tableCases(root, 'trivy', (row, file) => trivyRow(row, { file, root })),
  ],
};
