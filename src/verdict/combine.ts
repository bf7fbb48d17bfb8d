// SPDX-License-Identifier: Apache-2.0
// One verdict over several targets: findings anywhere win, then what could not be looked at, then what held nothing.
import { plural } from '../model/quantity.ts';
import type { Severity } from '../model/severity.ts';
import { withShortDigests } from '../model/short-digest.ts';
import type { Verdict, VerdictState } from '../model/verdict.ts';

export interface TargetVerdict {
  readonly target: string;
  readonly verdict: Verdict;
}

export interface CombineOptions {
  readonly threshold: Severity | undefined;
  /** Targets of which nothing is known. */
  readonly notOpened: readonly string[];
  /** What else could not be read, such as a manifest that names images: the number of places. */
  readonly unread: number;
}

const named = 3;

export function combineVerdicts(verdicts: readonly TargetVerdict[], options: CombineOptions): Verdict {
  const { threshold, notOpened, unread } = options;
  const of = (state: VerdictState): readonly string[] =>
    verdicts.filter(({ verdict }) => verdict.state === state).map(({ target }) => target);
  const total = verdicts.length + notOpened.length;
  const sum = (key: keyof Verdict['counts']): number =>
    verdicts.reduce((count, { verdict }) => count + verdict.counts[key], 0);
  const counts = { over: sum('over'), under: sum('under'), suppressed: sum('suppressed'), errors: sum('errors') };
  const verdictOf = (state: VerdictState, exitCode: Verdict['exitCode'], reason: string): Verdict => ({
    state,
    exitCode,
    threshold,
    reason,
    counts,
  });
  const bad = of('findings');
  if (bad.length > 0) {
    const reason = `${plural(counts.over, 'finding')} at or over "${threshold}" in ${bad.length} of ${plural(total, 'target')} (${list(bad)})`;
    return verdictOf('findings', 1, reason);
  }
  const open = [...notOpened, ...of('incomplete')];
  if (open.length > 0)
    return verdictOf(
      'incomplete',
      3,
      `could not look at everything in ${open.length} of ${plural(total, 'target')} (${list(open)})`,
    );
  if (unread > 0) return verdictOf('incomplete', 3, `${plural(unread, 'file')} that may name more could not be read`);
  if (of('empty').length === verdicts.length)
    return verdictOf('empty', 0, total === 0 ? 'no targets were named' : 'nothing recognised in any target');
  const reason =
    counts.under === 0
      ? `nothing found in ${plural(total, 'target')}`
      : `${plural(counts.under, 'finding')} in ${plural(total, 'target')}, none at or over "${threshold ?? 'none'}"`;
  return verdictOf('clean', 0, reason);
}

function list(targets: readonly string[]): string {
  const more = targets.length > named ? ` and ${targets.length - named} more` : '';
  return `${targets.slice(0, named).map(withShortDigests).join(', ')}${more}`;
}
