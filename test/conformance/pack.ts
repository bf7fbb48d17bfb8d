// SPDX-License-Identifier: Apache-2.0
// What an adapter is: it turns the files of one pack into cases, and runs each through a public entry point of the program.

export type CaseResult =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly expected: unknown; readonly actual: unknown }
  /** The reason must also stand in `<pack>.skips.yaml`; a skipped case counts as not passed. */
  | { readonly outcome: 'skipped'; readonly reason: string };

export interface ConformanceCase {
  readonly id: string;
  run(): CaseResult | Promise<CaseResult>;
}

export interface ConformancePack {
  readonly name: string;
  /** `root` is the unpacked folder of the pack (the one with its README). Missing parts of the layout give no cases. */
  cases(root: string): readonly ConformanceCase[] | Promise<readonly ConformanceCase[]>;
  /** Figures beside the counts, asked when all cases have run. */
  detail?(): unknown;
}

export const passed: CaseResult = { outcome: 'passed' };

export function failed(expected: unknown, actual: unknown): CaseResult {
  return { outcome: 'failed', expected, actual };
}

/** Passes when both serialise alike (keys sorted, undefined left out). */
export function expectEqual(expected: unknown, actual: unknown): CaseResult {
  return stable(expected) === stable(actual) ? passed : failed(expected, actual);
}

/** Passes when both lists hold the same members, in any order, the same number of times. */
export function expectSameSet(expected: readonly unknown[], actual: readonly unknown[]): CaseResult {
  const want = expected.map(stable).sort();
  const have = actual.map(stable).sort();
  if (want.join('\n') === have.join('\n')) return passed;
  const missing = subtract(want, have);
  const extra = subtract(have, want);
  return failed({ missing: missing.map(parse) }, { extra: extra.map(parse) });
}

function subtract(from: readonly string[], what: readonly string[]): string[] {
  const left = [...what];
  return from.filter((item) => {
    const at = left.indexOf(item);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function stable(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) =>
      member !== null && typeof member === 'object' && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : typeof member === 'bigint'
          ? String(member)
          : member,
    ) ?? 'undefined'
  );
}

function parse(text: string): unknown {
  return text === 'undefined' ? undefined : (JSON.parse(text) as unknown);
}
