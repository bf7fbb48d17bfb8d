// SPDX-License-Identifier: Apache-2.0
// One pass of decoding: every value is decoded in its place, and it is remembered what became of what, so that a finding in decoded text can
// be told with its place in the text as it was read. Values inside values come out one pass at a time (detect/codec/segment.go of gitleaks).
import { decodeValue } from './decode-value.ts';
import type { Encoding } from './encoded-values.ts';
import { encodedValuesIn, encodings } from './encoded-values.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A value that was decoded. */
export interface Segment {
  /** In the text as it was read. */
  readonly original: Span;
  /** In the text before the pass, and after it. */
  readonly encoded: Span;
  readonly decoded: Span;
  /** This one's and those of the values it stood in. */
  readonly encodings: ReadonlySet<Encoding>;
  /** 1 for what stood encoded in the text itself. */
  readonly depth: number;
  /** Of the pass before. */
  readonly before: readonly Segment[];
}

export interface DecodedPass {
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** Decodes what can be decoded in the text of the pass before; without segments there was nothing. */
export function decodePass(text: string, before: readonly Segment[], bytes?: Uint8Array): DecodedPass {
  const segments: Segment[] = [];
  const parts: string[] = [];
  let copied = 0;
  let shift = 0;
  for (const { encoding, start, end } of encodedValuesIn(text, bytes)) {
    const value = decodeValue(encoding, text.slice(start, end));
    if (value === '') continue;
    const touching = before.filter((segment) => touch(segment.decoded, { start, end }));
    segments.push({
      original: originalSpan(before, { start, end }),
      encoded: { start, end },
      decoded: { start: start + shift, end: start + shift + value.length },
      encodings: new Set([encoding, ...touching.flatMap((segment) => [...segment.encodings])]),
      depth: 1 + (before[0]?.depth ?? 0),
      before,
    });
    parts.push(text.slice(copied, start), value);
    copied = end;
    shift += value.length - (end - start);
  }
  if (segments.length === 0) return { text, segments };
  return { text: parts.join('') + text.slice(copied), segments };
}

/** Spans that share a byte or meet. */
function touch(a: Span, b: Span): boolean {
  return b.start <= a.end && b.end >= a.start;
}

function originalSpan(segments: readonly Segment[], span: Span): Span {
  let encoded: Span | undefined;
  for (const segment of segments) {
    const { decoded } = segment;
    if (!touch(decoded, span)) continue;
    if (decoded.start <= span.start && span.end <= decoded.end) return segment.original;
    // What sticks out on either side sticks out as far from the encoded form.
    const start = segment.encoded.start + Math.min(0, span.start - decoded.start);
    const end = segment.encoded.end + Math.max(0, span.end - decoded.end);
    encoded =
      encoded === undefined
        ? { start, end }
        : { start: Math.min(encoded.start, start), end: Math.max(encoded.end, end) };
  }
  return encoded === undefined ? span : originalSpan(segments[0]?.before ?? [], encoded);
}

export interface DecodedPlace extends Span {
  readonly tags: readonly string[];
  /** The line in the decoded text. */
  readonly line: string;
}

/** Where a match in decoded text stands in the original; undefined when no part of it was decoded: then an earlier pass has seen it. */
export function placeInOriginal({ text, segments }: DecodedPass, match: Span): DecodedPlace | undefined {
  const touching = segments.filter((segment) => touch(segment.decoded, match));
  const [first] = touching;
  if (first === undefined) return undefined;
  const kinds = encodings.filter((encoding) => touching.some((segment) => segment.encodings.has(encoding)));
  const start = Math.min(...touching.map((segment) => segment.decoded.start));
  const end = Math.max(...touching.map((segment) => segment.decoded.end));
  const lineStart = text.lastIndexOf('\n', start);
  const lineEnd = text.indexOf('\n', end);
  return {
    ...originalSpan(touching, match),
    tags: [...kinds.map((kind) => `decoded:${kind}`), `decode-depth:${first.depth}`],
    line: text.slice(Math.max(0, lineStart), lineEnd === -1 ? text.length : lineEnd),
  };
}
