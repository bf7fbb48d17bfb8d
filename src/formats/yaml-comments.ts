// SPDX-License-Identifier: Apache-2.0
// Comments of a YAML text: a `#` at the beginning of a line or after white space, outside of scalars (YAML 1.2.2 section 6.6).
import type { Span } from './span.ts';

/** Spans of the comments before `end`, `#` included and line end not; `scalars` in the order of the text. Linear: each `#` is met once. */
export function commentsBetween(text: string, scalars: readonly Span[], end: number): Span[] {
  const comments: Span[] = [];
  let next = 0;
  for (let at = text.indexOf('#'); at !== -1 && at < end; at = text.indexOf('#', at + 1)) {
    while (next < scalars.length && (scalars[next]?.end ?? 0) <= at) next += 1;
    const scalar = scalars[next];
    if (scalar !== undefined && scalar.start <= at) {
      at = scalar.end - 1;
      continue;
    }
    if (at > 0 && !/\s/.test(text.charAt(at - 1))) continue;
    const lineEnd = text.indexOf('\n', at);
    const last = lineEnd === -1 ? text.length : lineEnd;
    comments.push({ start: at, end: text.charAt(last - 1) === '\r' ? last - 1 : last });
    at = last - 1;
  }
  return comments;
}
