// SPDX-License-Identifier: Apache-2.0
// Comments of a YAML text: a `#` at the beginning of a line or after white space, outside of scalars (YAML 1.2.2 section 6.6).
import type { Span } from './span.ts';

/** Spans of the comments, `#` included and line end not; `scalars` in the order of the text. */
export function commentsBetween(text: string, scalars: readonly Span[], end: number): Span[] {
  const comments: Span[] = [];
  let from = 0;
  for (const scalar of [...scalars, { start: end, end }]) {
    collect(text, { start: from, end: scalar.start }, comments);
    from = Math.max(from, scalar.end);
  }
  return comments;
}

function collect(text: string, gap: Span, comments: Span[]): void {
  for (let at = text.indexOf('#', gap.start); at !== -1 && at < gap.end; at = text.indexOf('#', at + 1)) {
    const before = at === 0 ? '\n' : text.charAt(at - 1);
    if (!/\s/.test(before)) continue;
    const lineEnd = text.indexOf('\n', at);
    const end = lineEnd === -1 ? text.length : lineEnd;
    comments.push({ start: at, end: text.charAt(end - 1) === '\r' ? end - 1 : end });
    at = end - 1;
  }
}
