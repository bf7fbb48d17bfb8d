// SPDX-License-Identifier: Apache-2.0
// From offsets in a fragment to lines and columns: ours, and those that gitleaks tells.
import type { GitleaksPlace } from './raw-secret.ts';

/** Offsets of all line breaks of a text. */
export function lineBreaksOf(text: string): readonly number[] {
  const breaks: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) breaks.push(at);
  return breaks;
}

export interface PlacedText {
  readonly text: string;
  readonly lineBreaks: readonly number[];
  /** Line of the first character. */
  readonly firstLine: number;
  /** Lines that were told, by their start and end: one without end can hold thousands of findings. */
  readonly lines: Map<string, string>;
}

/** A part of a text would keep the whole text in memory as long as the finding lives. */
export function ownText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function lineOf({ text, lines }: PlacedText, start: number, end: number): string {
  const last = Math.min(end, start + mostLine);
  const key = `${start}:${last}`;
  const line = lines.get(key) ?? ownText(text.slice(start, last));
  lines.set(key, line);
  return line;
}

export interface Place {
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
  readonly line: string;
  /** Offsets of the line in the text. */
  readonly lineStart: number;
  readonly lineEnd: number;
}

/** Of a line without end, a finding keeps the beginning. */
export const mostLine = 4_096;

/** Lines from `firstLine`, columns from 1 in bytes; `end` is exclusive, the end column that of the last byte. */
export function placeOf(placed: PlacedText, start: number, end: number): Place {
  const { text, lineBreaks, firstLine } = placed;
  const last = Math.max(start, end - 1);
  const startRow = countBefore(lineBreaks, start);
  const endRow = countBefore(lineBreaks, last);
  const startOfRow = (row: number): number => (row === 0 ? 0 : (lineBreaks[row - 1] ?? 0) + 1);
  const lineStart = startOfRow(startRow);
  const lineEnd = Math.max(end, lineBreaks[endRow] ?? text.length);
  return {
    startLine: firstLine + startRow,
    endLine: firstLine + endRow,
    startColumn: start - startOfRow(startRow) + 1,
    endColumn: last - startOfRow(endRow) + 1,
    line: lineOf(placed, lineStart, lineEnd),
    lineStart,
    lineEnd,
  };
}

/**
 * The same in gitleaks' way (detect/location.go): a line begins at the break before it, so that after the first line columns are one more,
 * and what begins after the last line break has the whole text for its line. For reports only: allow comments and allowlists would otherwise
 * reach over the whole file.
 */
export function gitleaksPlaceOf(placed: PlacedText, start: number, end: number): GitleaksPlace {
  const { text, lineBreaks, firstLine } = placed;
  const breaks = lineBreaks.length === 0 ? [text.length] : lineBreaks;
  const startRow = countUpTo(breaks, start);
  const startOfRow = (row: number): number => (row === 0 ? 0 : (breaks[row - 1] ?? 0));
  if (startRow >= breaks.length) {
    const before = breaks.at(-1) ?? 0;
    const rest = /[\r\n]/.exec(text.slice(end, end + mostLine));
    return {
      startLine: firstLine + breaks.length,
      endLine: firstLine + breaks.length,
      startColumn: start - before + 1,
      endColumn: end - before,
      line: lineOf(placed, 0, rest === null ? text.length : end + rest.index),
    };
  }
  const endRow = countBefore(breaks, end);
  const isEndSet = end > 0 && endRow < breaks.length;
  const lineEnd = breaks[isEndSet ? endRow : startRow] ?? text.length;
  return {
    startLine: firstLine + startRow,
    endLine: firstLine + (isEndSet ? endRow : startRow),
    startColumn: start - startOfRow(startRow) + 1,
    endColumn: isEndSet ? end - startOfRow(endRow) : 0,
    line: lineOf(placed, startOfRow(startRow), Math.max(lineEnd, end)),
  };
}

/** How many of the sorted numbers are less than `value`. */
function countBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countUpTo(sorted: readonly number[], value: number): number {
  return countBefore(sorted, value + 1);
}
