// SPDX-License-Identifier: Apache-2.0
// From a character of a decoded scalar back to its place in the text of the file: through indentation, folded lines, doubled quotes and escapes.
import type { Span } from './span.ts';
import type { YamlScalar } from './yaml-tree.ts';

/** Finds places of one scalar; made once, asked often. */
export interface ScalarOffsets {
  /** Offset in the file of the character at `offset` of the decoded text; of its end for the offset after the last. */
  at(offset: number): number;
  /** The part of the file that was decoded to `start`..`end`. */
  span(start: number, end: number): Span;
}

/** Both are walked once, side by side: characters that were decoded from nothing else stand where they stand, white space is skipped until they agree. */
export function scalarOffsets(text: string, scalar: YamlScalar): ScalarOffsets {
  const offsets = new Uint32Array(scalar.text.length + 1);
  const { start, end } = contentOf(text, scalar);
  let at = start;
  for (let index = 0; index < scalar.text.length; index += 1) {
    at = nextPlace(text, { start: at, end }, { scalar, index });
    offsets[index] = Math.min(at, end);
    at = Math.min(end, at + lengthAt(text, at, scalar.style));
  }
  offsets[scalar.text.length] = at;
  const last = scalar.text.length;
  function place(offset: number): number {
    return offsets[Math.max(0, Math.min(offset, last))] ?? end;
  }
  return {
    at: place,
    span(from, to) {
      if (to <= from) return { start: place(from), end: place(from) };
      const final = place(to - 1);
      return { start: place(from), end: Math.min(end, final + lengthAt(text, final, scalar.style)) };
    },
  };
}

/** Without quotes, and without the line that opens a block. */
function contentOf(text: string, { span, style }: YamlScalar): Span {
  if (style === 'plain') return span;
  if (style === 'single-quoted' || style === 'double-quoted') return { start: span.start + 1, end: span.end - 1 };
  const header = text.indexOf('\n', span.start);
  // Empty lines at the end of a block are part of the value, but not of its span.
  let { end } = span;
  while (end < text.length && /\s/.test(text.charAt(end))) end += 1;
  return { start: header === -1 ? span.end : header + 1, end };
}

function nextPlace(text: string, rest: Span, wanted: { readonly scalar: YamlScalar; readonly index: number }): number {
  const { scalar, index } = wanted;
  const character = scalar.text.charAt(index);
  const isBlank = /\s/.test(character);
  for (let at = rest.start; at < rest.end; at += 1) {
    const here = text.charAt(at);
    if (here === character) return at;
    if (isBlank && /\s/.test(here)) return at;
    if (here === '\\' && scalar.style === 'double-quoted') {
      const isLineEnd = /\s/.test(text.charAt(at + 1)) && text.charAt(at + 1) !== ' ' && text.charAt(at + 1) !== '\t';
      if (!isLineEnd) return at;
      continue;
    }
    if (!/\s/.test(here)) return at;
  }
  return rest.end;
}

function lengthAt(text: string, at: number, style: YamlScalar['style']): number {
  if (style === 'single-quoted') return text.startsWith("''", at) ? 2 : 1;
  if (style !== 'double-quoted' || text.charAt(at) !== '\\') return 1;
  const lengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };
  return lengths[text.charAt(at + 1)] ?? 2;
}
