// SPDX-License-Identifier: Apache-2.0
// Where the two engines still differ for a reason when the functions of cel-corrections.ts are right, decided by the CEL specification (langdef.md) or, where it says nothing, by cel-go, which Kubernetes uses.
import type { Difference } from './cel-comparison.ts';

export interface KnownDifference {
  readonly reason: string;
  applies(difference: Difference): boolean;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason: '-(-(x)) is folded to x there, so that the overflow of negating the smallest int is lost',
    applies: ({ expression, ours }) => ours === 'error' && expression.includes('-(-('),
  },
];
