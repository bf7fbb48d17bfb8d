// SPDX-License-Identifier: Apache-2.0
// kyverno-test.yaml files: each expected result of each resource (a tuple) is a case. A file is run once, when its first tuple is asked.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestReport } from '../../../src/apps/policy/kyverno-test.ts';
import { runKyvernoTests } from '../../../src/apps/policy/kyverno-test.ts';
import type { TestRow } from '../../../src/apps/policy/kyverno-test-check.ts';
import { readKyvernoTests } from '../../../src/apps/policy/kyverno-test-files.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed, passed } from '../pack.ts';

interface TestFile {
  readonly test: string;
  readonly ruleTypes: readonly string[];
  /** Upstream wants the test command to report failures here. */
  readonly expectOverallFailure: boolean | null;
}

export interface TupleCounts {
  readonly total: number;
  readonly passed: number;
  /** Of the passed ones, those that passed only because no rule was about the resource. */
  readonly excluded: number;
  readonly unsupported: number;
}

/** The cases of all test files, and the counts once they have run. */
export function tupleCases(root: string): {
  readonly cases: readonly ConformanceCase[];
  readonly counts: () => TupleCounts;
} {
  const outcomes = new Map<string, TestRow['outcome']>();
  const index = join(root, 'cases.json');
  if (!existsSync(index)) return { cases: [], counts: () => countOf(outcomes) };
  const files = (JSON.parse(readFileSync(index, 'utf8')) as { readonly cases: readonly TestFile[] }).cases;
  const cases = files.flatMap((file) => casesOf(root, file, outcomes));
  return { cases, counts: () => countOf(outcomes) };
}

function countOf(outcomes: ReadonlyMap<string, TestRow['outcome']>): TupleCounts {
  const all = [...outcomes.values()];
  const excluded = all.filter((outcome) => outcome === 'excluded').length;
  return {
    total: all.length,
    passed: all.filter((outcome) => outcome === 'passed').length + excluded,
    excluded,
    unsupported: all.filter((outcome) => outcome === 'unsupported').length,
  };
}

function casesOf(
  root: string,
  { test, ruleTypes, expectOverallFailure }: TestFile,
  outcomes: Map<string, TestRow['outcome']>,
): ConformanceCase[] {
  const path = join(root, test);
  let reports: readonly TestReport[] | undefined;
  const run = (): readonly TestReport[] => {
    reports ??= runKyvernoTests(path, { now: () => Date.now(), random: (below) => Math.floor(Math.random() * below) });
    return reports;
  };
  const kind = [...ruleTypes].sort().join('+');
  return readKyvernoTests(path).flatMap((document, number) => {
    let row = -1;
    return document.results.flatMap((result, position) => {
      const named =
        result.resources.length > 0 ? result.resources : result.resourceSpecs.map((spec) => String(spec['name']));
      return (named.length > 0 ? named : ['*']).map((resource) => {
        row += 1;
        const at = row;
        const id = `test/${kind}/${test.replace('/kyverno-test.yaml', '')}#${number}/${position}/${resource}`;
        return {
          id,
          run: () =>
            expectOverallFailure === true
              ? judgeFailure(run(), id, outcomes)
              : judge(run()[number]?.rows[at], id, outcomes),
        };
      });
    });
  });
}

function judgeFailure(
  reports: readonly TestReport[],
  id: string,
  outcomes: Map<string, TestRow['outcome']>,
): CaseResult {
  const isReported = reports.some(
    ({ rows, problems }) => problems.length > 0 || rows.some(({ outcome }) => outcome === 'failed'),
  );
  outcomes.set(id, isReported ? 'passed' : 'failed');
  return isReported ? passed : failed('a failure', reports);
}

function judge(row: TestRow | undefined, id: string, outcomes: Map<string, TestRow['outcome']>): CaseResult {
  outcomes.set(id, row?.outcome ?? 'failed');
  if (row === undefined) return failed('a row', 'none');
  if (row.outcome === 'passed' || row.outcome === 'excluded') return passed;
  return failed(row.expected, `${row.outcome}: ${row.message}`);
}
