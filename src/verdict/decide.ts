// SPDX-License-Identifier: Apache-2.0
// Folds decisions and coverage into one verdict. "Could not look" never becomes "clean"; findings over the threshold win over it,
// because they are certain.
import type { Coverage } from '../model/coverage.ts';
import type { Decision } from '../model/decision.ts';
import { formatLocation } from '../model/location.ts';
import { plural } from '../model/quantity.ts';
import type { Severity } from '../model/severity.ts';
import { reachesSeverity } from '../model/severity.ts';
import type { Verdict } from '../model/verdict.ts';

export interface DecideOptions {
  /** Undefined: findings never fail the run (`--fail-on none`). */
  readonly threshold: Severity | undefined;
  readonly coverage: readonly Coverage[];
  /** How many things of a kind that is judged were found in the target (lists of packages, manifests); absent: not known. */
  readonly recognised?: number;
}

/** Exit 1 for unsuppressed failures at or over the threshold, else 3 when something could not be looked at, else 0. */
export function decide(decisions: readonly Decision[], options: DecideOptions): Verdict {
  const counts = { over: 0, under: 0, suppressed: 0, errors: 0 };
  for (const decision of decisions) {
    if (decision.suppressed !== undefined) counts.suppressed += 1;
    else if (decision.outcome === 'error') counts.errors += 1;
    else if (decision.outcome === 'fail') {
      const isOver = options.threshold !== undefined && reachesSeverity(decision.severity, options.threshold);
      counts[isOver ? 'over' : 'under'] += 1;
    }
  }
  const problems = options.coverage.flatMap((coverage) => coverage.problems).filter((problem) => problem.hidesFindings);
  const threshold = options.threshold;
  if (counts.over > 0) {
    return {
      state: 'findings',
      exitCode: 1,
      threshold,
      counts,
      reason: `${plural(counts.over, 'finding')} at or over "${threshold}"`,
    };
  }
  const first = problems[0];
  if (first !== undefined) {
    const more = problems.length === 1 ? '' : ` and ${problems.length - 1} more`;
    const reason = `could not look at ${formatLocation(first.location)} (${first.message})${more}`;
    return { state: 'incomplete', exitCode: 3, threshold, counts, reason };
  }
  if (counts.errors > 0) {
    const message =
      decisions.find((decision) => decision.outcome === 'error' && decision.suppressed === undefined)?.message ?? '';
    const more = counts.errors === 1 ? '' : ` and ${counts.errors - 1} more`;
    return { state: 'incomplete', exitCode: 3, threshold, counts, reason: `${message}${more}` };
  }
  if (options.recognised === 0 && counts.under + counts.suppressed === 0) {
    const seen = options.coverage.reduce((sum, item) => sum + item.filesSeen, 0);
    const reason =
      seen === 0
        ? 'there is nothing to look at'
        : `nothing recognised in ${plural(seen, 'file')}: no lock file, manifest or installed package of a known kind`;
    return { state: 'empty', exitCode: 0, threshold, counts, reason };
  }
  const reason =
    counts.under === 0
      ? 'nothing found'
      : `${plural(counts.under, 'finding')}, none at or over "${threshold ?? 'none'}"`;
  return { state: 'clean', exitCode: 0, threshold, counts, reason };
}
