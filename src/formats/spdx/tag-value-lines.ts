// SPDX-License-Identifier: Apache-2.0
// The syntax of the tag-value form: lines `Tag: value`, comments, values between <text> and </text>. What the tags mean stands elsewhere.

export interface TagLine {
  readonly tag: string;
  readonly value: string;
  /** Line of the tag, from 1. */
  readonly line: number;
}

/** A line that is neither blank, comment nor tag. */
export interface BrokenLine {
  readonly text: string;
  readonly line: number;
}

export interface TagLines {
  readonly lines: readonly TagLine[];
  readonly broken: readonly BrokenLine[];
}

const open = '<text>';
const close = '</text>';

/** Splits the text in one pass. A <text> that is never closed takes the rest and is reported as broken at its beginning. */
export function readTagLines(source: string): TagLines {
  const lines: TagLine[] = [];
  const broken: BrokenLine[] = [];
  let at = source.startsWith('\uFEFF') ? 1 : 0;
  let line = 0;
  while (at < source.length) {
    const end = lineEnd(source, at);
    const raw = source.slice(at, end);
    line += 1;
    const start = at;
    at = end + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const tag = /^\s*([A-Za-z]{1,64})\s*:/.exec(raw);
    if (tag === null) {
      broken.push({ text: trimmed.slice(0, 80), line });
      continue;
    }
    const value = raw.slice(tag[0].length).trim();
    if (!value.startsWith(open)) {
      lines.push({ tag: tag[1] ?? '', value, line });
      continue;
    }
    const from = source.indexOf(open, start + tag[0].length) + open.length;
    const to = source.indexOf(close, from);
    if (to === -1) broken.push({ text: `${tag[1]}: <text> without </text>`, line });
    const content = source.slice(from, to === -1 ? source.length : to);
    lines.push({ tag: tag[1] ?? '', value: content, line });
    line += countBreaks(content);
    at = to === -1 ? source.length : lineEnd(source, to) + 1;
  }
  return { lines, broken };
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end;
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** One line, or several between <text> and </text>. The end mark itself has no escape in the format and is broken up. */
export function printTagLine(tag: string, value: string): string {
  const plain = value === value.trim() && !/[\n\r]/.test(value) && !value.startsWith(open);
  return plain ? `${tag}: ${value}`.trimEnd() : `${tag}: ${open}${value.replaceAll(close, '</ text>')}${close}`;
}
