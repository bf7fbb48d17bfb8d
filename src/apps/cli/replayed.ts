// SPDX-License-Identifier: Apache-2.0
// What became of a request, and what policies that are not in force yet say of it.
import type { Reviewed } from '../server/admission/review.ts';

export interface Replayed {
  readonly id: string;
  /** RFC 3339; empty for what runs now. */
  readonly time: string;
  readonly object: string;
  readonly was: string;
  readonly allowed: boolean;
  /** False: only rules that could not judge speak against it. */
  readonly isJudged: boolean;
  readonly policies: readonly string[];
  readonly message: string;
}

export function replayedOf(
  { answer, decisions }: Reviewed,
  about: Pick<Replayed, 'id' | 'time' | 'object' | 'was'>,
): Replayed {
  const failed = decisions.filter(({ outcome }) => outcome === 'fail');
  const errors = decisions.filter(({ outcome }) => outcome === 'error');
  const told = failed.length > 0 ? failed : errors;
  return {
    ...about,
    allowed: answer.allowed,
    isJudged: errors.length === 0 || failed.length > 0,
    policies: [...new Set(told.map(({ policy }) => policy))],
    message: answer.message ?? '',
  };
}
