// SPDX-License-Identifier: Apache-2.0
// The JMESPath compliance cases, run in the standard dialect.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileJmespath } from '../../src/policy/jmespath/expression.ts';
import { standardFunctions } from '../../src/policy/jmespath/standard-functions.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { expectEqual, failed, passed } from './pack.ts';

interface Suite {
  readonly given: unknown;
  readonly cases: readonly Row[];
}

interface Row {
  readonly id: string | number;
  readonly expression: string;
  readonly result?: unknown;
  readonly error?: string;
}

export const jmespathPack: ConformancePack = {
  name: 'jmespath',
  cases: (root) => {
    if (!existsSync(root)) return [];
    const files = readdirSync(root).filter((name) => name.endsWith('.json'));
    return files.sort().flatMap((name) => casesOf(name, JSON.parse(readFileSync(join(root, name), 'utf8'))));
  },
};

function casesOf(name: string, suites: unknown): ConformanceCase[] {
  if (!Array.isArray(suites)) return [];
  return (suites as readonly Suite[]).flatMap(({ given, cases }) =>
    cases.map((row) => ({ id: `${name.replace('.json', '')}/${row.id}`, run: () => judge(row, given) })),
  );
}

function judge(row: Row, given: unknown): CaseResult {
  const compiled = compileJmespath(row.expression, { dialect: 'standard', functions: standardFunctions });
  const result = compiled.kind === 'fault' ? compiled : compiled.evaluate(given);
  if (row.error === undefined)
    return result.kind === 'fault' ? failed(row.result, result) : expectEqual(row.result ?? null, result.value);
  if (result.kind !== 'fault') return failed({ error: row.error }, result.value);
  return result.code === row.error ? passed : failed({ error: row.error }, { error: result.code });
}
