// SPDX-License-Identifier: Apache-2.0
// Cuts the text of a file into fragments: a hundred kilobytes each, and on to the next empty line, so that what belongs together is seldom
// cut (sources/file.go of gitleaks). A match of several lines that crosses a cut without an empty line near is lost; more is lost there.

export const fragmentBytes = 100_000;
export const mostReadAhead = 25_000;

export interface TextPart {
  readonly start: number;
  readonly end: number;
  /** Line of the first byte, from 1. */
  readonly startLine: number;
}

export function* fragmentsOf(bytes: Uint8Array, size: number = fragmentBytes): Generator<TextPart> {
  let start = 0;
  let startLine = 1;
  while (start < bytes.length) {
    const cut = Math.min(start + size, bytes.length);
    const end = cutBetween(bytes, cut, safeBoundary(bytes, { start, cut, most: mostReadAhead }));
    yield { start, end, startLine };
    if (end < bytes.length) startLine += countBreaks(bytes, start, end);
    start = end;
  }
}

/** Where there is no empty line, the cut is made behind a line, or else behind a sign that no token has in it. */
function cutBetween(bytes: Uint8Array, cut: number, end: number): number {
  if (end >= bytes.length || end - cut < mostReadAhead) return end;
  const newline = bytes.lastIndexOf(10, end - 1);
  if (newline >= cut) return newline + 1;
  for (let at = end - 1; at >= cut; at -= 1) if (separators.has(bytes[at] ?? 0)) return at + 1;
  return end;
}

/** Blanks, quotation marks, comma, semicolon. */
const separators: ReadonlySet<number> = new Set([0x09, 0x20, 0x22, 0x27, 0x2c, 0x3b]);

export interface Cut {
  readonly start: number;
  readonly cut: number;
  /** Bytes that may be read beyond the cut. */
  readonly most: number;
}

/** The cut itself when it follows two line breaks with nothing but blanks between, else the first place behind it that does, or the last possible. */
export function safeBoundary(bytes: Uint8Array, { start, cut, most }: Cut): number {
  let breaks = 0;
  for (let at = cut - 1; at >= start && isBlank(bytes[at]); at -= 1) {
    if (bytes[at] === 10) breaks += 1;
    if (breaks === 2) return cut;
  }
  breaks = bytes[cut - 1] === 10 ? 1 : 0;
  let end = cut;
  while (end < bytes.length && end - cut < most) {
    const byte = bytes[end];
    end += 1;
    if (byte === 10) breaks += 1;
    else if (!isBlank(byte)) breaks = 0;
    if (breaks === 2) break;
  }
  return end;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 10 || byte === 13 || byte === 9 || byte === 32;
}

function countBreaks(bytes: Uint8Array, start: number, end: number): number {
  const part = bytes.subarray(start, end);
  let count = 0;
  for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) count += 1;
  return count;
}
