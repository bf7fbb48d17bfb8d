// SPDX-License-Identifier: Apache-2.0
// Globs that stand in scanned files (workspace patterns): same language as glob.ts without character classes, but matched segment by
// segment without regular expressions, so that a hostile pattern costs at most pattern length times path length.

/** Alternatives that the braces of one pattern may expand to. */
const maximumAlternatives = 64;
const maximumLength = 1_000;

/** A test on relative slash-separated paths. Patterns that are too long or expand too far match nothing. */
export function compileForeignGlob(glob: string): (path: string) => boolean {
  if (glob.length > maximumLength) return () => false;
  const patterns = expandBraces(glob).map(segmentsOf);
  return (path) => patterns.some((pattern) => matchSegments(pattern, segmentsOf(path)));
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/** `a{b,c}d` -> `abd`, `acd`; nested braces from the inside. */
function expandBraces(glob: string): readonly string[] {
  let patterns = [glob];
  for (let round = 0; round < maximumAlternatives; round += 1) {
    const next = patterns.flatMap(expandInnermost);
    if (next.length > maximumAlternatives) return [];
    if (next.length === patterns.length && next.every((pattern, index) => pattern === patterns[index])) return patterns;
    patterns = next;
  }
  return [];
}

function expandInnermost(glob: string): string[] {
  const close = glob.indexOf('}');
  const open = close === -1 ? -1 : glob.lastIndexOf('{', close);
  if (open === -1) return [glob];
  return glob
    .slice(open + 1, close)
    .split(',')
    .map((part) => glob.slice(0, open) + part + glob.slice(close + 1));
}

/** Dynamic programming over the pattern: which of its positions can the path so far have reached? */
function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let reached = skipDoubleStars(pattern, [0]);
  for (const segment of path) {
    const next: number[] = [];
    for (const at of reached) {
      const part = pattern[at];
      if (part === undefined) continue;
      if (part === '**') next.push(at);
      else if (matchSegment(part, segment)) next.push(at + 1);
    }
    reached = skipDoubleStars(pattern, next);
    if (reached.length === 0) return false;
  }
  return reached.includes(pattern.length);
}

function skipDoubleStars(pattern: readonly string[], positions: readonly number[]): number[] {
  const reached = new Set<number>();
  for (const start of positions) {
    for (let at = start; !reached.has(at); at += 1) {
      reached.add(at);
      if (pattern[at] !== '**') break;
    }
  }
  return [...reached];
}

/** `*` and `?` inside one segment, with the last star as the only place to go back to. */
function matchSegment(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let afterStar = 0;
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === '*') {
      star = at;
      afterStar = index;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[index])) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      afterStar += 1;
      index = afterStar;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
