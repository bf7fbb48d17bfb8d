// SPDX-License-Identifier: Apache-2.0
// Kyverno's tables of inputs and results: conditions, leaf patterns, anchors, wildcards and JMESPath functions.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchesWildcard } from '../../../src/formats/wildcard.ts';
import { compileJmespath } from '../../../src/policy/jmespath/expression.ts';
import { functionsOfKyverno } from '../../../src/policy/jmespath/kyverno-functions/index.ts';
import { conditionOperator } from '../../../src/policy/kyverno/operators/index.ts';
import { compileOverlay } from '../../../src/policy/kyverno/overlay.ts';
import { matchesPattern } from '../../../src/policy/kyverno/pattern.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';

interface Row {
  readonly name?: string;
  readonly in: Readonly<Record<string, unknown>>;
  readonly out?: unknown;
  readonly error?: boolean;
}

type Judge = (row: Row) => CaseResult;

export function unitCases(root: string): ConformanceCase[] {
  const folder = join(root, 'units');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((file) => casesOf(file.replace('.json', ''), join(folder, file)));
}

function casesOf(table: string, path: string): ConformanceCase[] {
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Row[] };
  const judge = judges[table] ?? (table.startsWith('jmespath') ? judgeExpression : undefined);
  if (judge === undefined) return [];
  return cases.map((row, index) => ({ id: `units/${table}/${row.name ?? index}`, run: () => judge(row) }));
}

const judges: Readonly<Record<string, Judge>> = {
  conditions: (row) => {
    const operator = conditionOperator(String(row.in['operator']));
    return operator === undefined
      ? failed(row, 'no such operator')
      : expectEqual(row.out, operator.test(row.in['key'], row.in['value']));
  },
  patterns: (row) => expectEqual(row.out, matchesPattern(row.in['value'], row.in['pattern'])),
  anchors: (row) => {
    const result = compileOverlay(row.in['pattern'])(row.in['resource']);
    return result.kind === row.out ? passed : failed(row.out, result);
  },
  wildcards: (row) => expectEqual(row.out, matchesWildcard(String(row.in['pattern']), String(row.in['text']))),
};

/** Every name resolves to a public address: the tables were made with a network. */
const surroundings = { now: () => 0, random: () => 0, addressesOf: () => ['203.0.113.1'] };

function judgeExpression(row: Row): CaseResult {
  const compiled = compileJmespath(String(row.in['expression']), {
    dialect: 'kyverno',
    functions: functionsOfKyverno,
    surroundings,
  });
  const result = compiled.kind === 'fault' ? compiled : compiled.evaluate({});
  if (row.error === true) return result.kind === 'fault' ? passed : failed('an error', result.value);
  return result.kind === 'fault' ? failed(row.out, result) : expectEqual(row.out, result.value);
}
