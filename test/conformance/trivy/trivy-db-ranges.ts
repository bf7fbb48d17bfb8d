// SPDX-License-Identifier: Apache-2.0
// The ranges of trivy-db's library records as intervals: what is vulnerable without what is patched.

import type { IntervalSet } from '../../../src/advisories/interval-set.ts';
import {
  differenceOf,
  endAtFixes,
  everyVersion,
  intervalsOfSet,
  setOfAlternatives,
  unionOf,
} from '../../../src/advisories/interval-set.ts';
import { parseConstraint } from '../../../src/advisories/version-text/constraint.ts';
import { parseIntervals } from '../../../src/advisories/version-text/interval-notation.ts';
import type { VersionOrder } from '../../../src/advisories/versions/order.ts';
import type { VersionInterval } from '../../../src/model/advisory.ts';

export interface Constraints {
  readonly vulnerable: readonly string[];
  readonly patched: readonly string[];
}

/** Without a vulnerable range, everything that is not patched is vulnerable. */
export function intervalsOfConstraints(
  { vulnerable, patched }: Constraints,
  order: VersionOrder,
): readonly VersionInterval[] {
  const fixes = setOf(patched, order);
  const affected = vulnerable.length === 0 ? everyVersion : setOf(vulnerable, order);
  return intervalsOfSet(endAtFixes(differenceOf(affected, fixes, order), fixes, order), order);
}

function setOf(constraints: readonly string[], order: VersionOrder): IntervalSet {
  return unionOf(
    constraints.map((text) => setOfAlternatives(parseIntervals(text) ?? parseConstraint(text) ?? [], order)),
    order,
  );
}
