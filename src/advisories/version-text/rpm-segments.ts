// SPDX-License-Identifier: Apache-2.0
// rpmvercmp of RPM (rpmio/rpmvercmp.cc) and the parts of an EVR: `epoch:version-release`.
import { compareCounts, compareTexts, countOf, isDigit, isLetter, skipDigits, skipLetters } from './counts.ts';

export interface Evr {
  /** Undefined when none is written, which rpm and pacman count as 0. */
  readonly epoch: string | undefined;
  readonly version: string;
  /** Undefined when none is written. */
  readonly release: string | undefined;
}

/** Splits at the first colon after digits and at the last hyphen. */
export function parseEvr(text: string): Evr {
  const whole = text.trim();
  const digits = skipDigits(whole, 0);
  const hasEpoch = whole.charAt(digits) === ':';
  const rest = hasEpoch ? whole.slice(digits + 1) : whole;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch ? whole.slice(0, digits) : undefined,
    version: hyphen === -1 ? rest : rest.slice(0, hyphen),
    release: hyphen === -1 ? undefined : rest.slice(hyphen + 1),
  };
}

function isSegmentCharacter(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === 126 || code === 94;
}

/**
 * Compares two version or release texts. At each place: `~` sorts first, then the end, then `^`, letters, digits; all other
 * characters only separate.
 */
export function compareRpmText(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  for (;;) {
    while (i < a.length && !isSegmentCharacter(a.charCodeAt(i))) i += 1;
    while (j < b.length && !isSegmentCharacter(b.charCodeAt(j))) j += 1;
    const left = rankAt(a, i);
    const right = rankAt(b, j);
    if (left !== right) return left - right;
    if (left === endRank) return 0;
    if (left < letterRank) {
      i += 1;
      j += 1;
      continue;
    }
    const skip = left === digitRank ? skipDigits : skipLetters;
    const nextI = skip(a, i);
    const nextJ = skip(b, j);
    const x = a.slice(i, nextI);
    const y = b.slice(j, nextJ);
    const difference = left === digitRank ? compareCounts(countOf(x), countOf(y)) : compareTexts(x, y);
    if (difference !== 0) return difference;
    i = nextI;
    j = nextJ;
  }
}

const endRank = 1;
const letterRank = 3;
const digitRank = 4;

function rankAt(text: string, at: number): number {
  if (at >= text.length) return endRank;
  const code = text.charCodeAt(at);
  if (code === 126) return 0;
  if (code === 94) return 2;
  return isDigit(code) ? digitRank : letterRank;
}
