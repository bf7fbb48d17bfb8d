// SPDX-License-Identifier: Apache-2.0
// Affected versions that a feed states as a constraint in words (`>= 4.0, < 4.3.12`, `> 0:1.19 < 0:1.20.7-1`), as intervals.
import type { VersionInterval } from '../model/advisory.ts';
import { intervalsOfSet, setOfAlternatives } from './interval-set.ts';
import { parseConstraint } from './version-text/constraint.ts';
import type { VersionOrder } from './versions/order.ts';

/** Undefined when the text is no constraint. The empty text admits every version. */
export function intervalsOfConstraint(text: string, order: VersionOrder): readonly VersionInterval[] | undefined {
  if (text.trim() === '') return [{}];
  const alternatives = parseConstraint(text);
  if (alternatives === undefined || alternatives.length === 0) return undefined;
  return intervalsOfSet(setOfAlternatives(alternatives, order), order);
}
