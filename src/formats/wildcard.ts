// SPDX-License-Identifier: Apache-2.0
// The wildcards of Kyverno and MinIO: `*` is any run of characters, `?` exactly one, everything else stands for itself (`/` and `.` too).
// Not the globs of paths: those are in glob.ts.

/** Whether the text has a character that a wildcard gives a meaning. */
export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/**
 * Whether the whole text fits. Characters are code points. Never takes longer than the product of both lengths, because only the last `*` is ever
 * tried again.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  if (!hasWildcard(pattern)) return pattern === text;
  let at = 0;
  let read = 0;
  let star = -1;
  let retry = 0;
  while (read < text.length) {
    const wanted = at < pattern.length ? pattern.charCodeAt(at) : -1;
    if (wanted === 0x2a) {
      star = at;
      retry = read;
      at += 1;
    } else if (wanted === 0x3f) {
      at += 1;
      read += widthAt(text, read);
    } else if (wanted === text.charCodeAt(read)) {
      at += 1;
      read += 1;
    } else if (star !== -1) {
      at = star + 1;
      retry += widthAt(text, retry);
      read = retry;
    } else return false;
  }
  while (pattern.charCodeAt(at) === 0x2a) at += 1;
  return at === pattern.length;
}

function widthAt(text: string, at: number): 1 | 2 {
  const first = text.charCodeAt(at);
  if (first < 0xd800 || first > 0xdbff) return 1;
  const second = text.charCodeAt(at + 1);
  return second >= 0xdc00 && second <= 0xdfff ? 2 : 1;
}
