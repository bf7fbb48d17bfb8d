// SPDX-License-Identifier: Apache-2.0
// JSON with positions, duplicate-key problems and a depth limit. Values come from JSON.parse; a second, iterative pass finds the spans.
// `relaxed` also takes comments and trailing commas (tsconfig style, bun.lock, deno.jsonc).

import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Document, DocumentPath } from './document.ts';
import { LineIndex, syntaxProblem } from './text.ts';

export interface JsonOptions {
  readonly syntax?: 'strict' | 'relaxed';
  readonly depth?: number;
}

interface Span {
  readonly start: number;
  end: number;
  readonly members: Map<string | number, Span> | undefined;
  readonly isArray: boolean;
}

/** Reads one JSON document. Never throws. */
export function parseJson(text: string, path: string, options: JsonOptions = {}): Document {
  const source =
    options.syntax === 'relaxed' ? blankOutComments(text) : text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = new LineIndex(source);
  const problems: Problem[] = [];
  const root = scanSpans(source, path, options.depth ?? defaultLimits.depth, lines, problems);
  let value: unknown;
  if (root !== undefined) {
    try {
      value = JSON.parse(source);
    } catch (error) {
      const offset = offsetInMessage(messageOf(error));
      const at = offset === undefined ? { line: undefined, column: undefined } : lines.locate(path, offset);
      const reason =
        offset === undefined && /end of JSON/.test(messageOf(error)) ? 'unexpected end of file' : 'not valid JSON';
      const line = offset === undefined ? lines.lineAt(source.length) : at.line;
      problems.push(syntaxProblem(path, reason, line, at.column));
    }
  }
  return { value, problems, locate: (at) => locateSpan(root, at, path, lines) };
}

/** V8 names the offset in most messages: `... in JSON at position 17`. */
function offsetInMessage(message: string): number | undefined {
  const digits = /at position (\d+)/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function locateSpan(root: Span | undefined, at: DocumentPath, path: string, lines: LineIndex): Location {
  let span = root;
  for (const key of at) {
    const next = span?.members?.get(key);
    if (next === undefined) break;
    span = next;
  }
  if (span === undefined) return { path };
  return { path, line: lines.lineAt(span.start), endLine: lines.lineAt(Math.max(span.start, span.end - 1)) };
}

/**
 * Records where each member starts (its key) and ends. It accepts a superset of JSON; JSON.parse judges the syntax.
 * Returns undefined when the nesting is too deep to be handed on.
 */
function scanSpans(text: string, path: string, depth: number, lines: LineIndex, problems: Problem[]): Span | undefined {
  const root: Span = { start: 0, end: text.length, members: new Map(), isArray: true };
  const stack: Span[] = [root];
  let key: string | undefined;
  let keyStart = -1;
  let index = 0;

  const open = (start: number, isArray: boolean, hasMembers: boolean): Span => {
    const parent = stack.at(-1) ?? root;
    const begin = key === undefined ? start : keyStart;
    const span: Span = { start: begin, end: begin, members: hasMembers ? new Map() : undefined, isArray };
    const name = parent.isArray ? (parent.members?.size ?? 0) : (key ?? '');
    if (!parent.isArray && parent.members?.has(name) === true) {
      const message = `duplicate key ${JSON.stringify(name)}; the last one counts`;
      problems.push({ kind: 'schema', message, location: lines.locate(path, begin), hidesFindings: true });
    }
    parent.members?.set(name, span);
    key = undefined;
    return span;
  };

  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      const end = endOfString(text, index);
      if (stack.at(-1)?.isArray === false && key === undefined) {
        keyStart = index;
        key = readKey(text.slice(index, end));
      } else {
        open(index, false, false).end = end;
      }
      index = end;
    } else if (code === 0x7b || code === 0x5b) {
      if (stack.length > depth) {
        const message = `nested more than ${depth} levels deep`;
        problems.push({ kind: 'limit', message, location: lines.locate(path, index), hidesFindings: true });
        return undefined;
      }
      stack.push(open(index, code === 0x5b, true));
      index += 1;
    } else if (code === 0x7d || code === 0x5d) {
      const closed = stack.length > 1 ? stack.pop() : undefined;
      if (closed !== undefined) closed.end = index + 1;
      key = undefined;
      index += 1;
    } else if (code === 0x3a || code === 0x2c || code <= 0x20) {
      index += 1;
    } else {
      const start = index;
      while (index < text.length && !/[\s,\]}:"]/.test(text.charAt(index))) index += 1;
      if (index === start) index += 1;
      open(start, false, false).end = index;
    }
  }
  return root.members?.get(0) ?? root;
}

function readKey(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

/** Offset after the closing quote; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** Replaces comments and trailing commas by spaces, so that offsets stay. */
function blankOutComments(text: string): string {
  const ranges: [number, number][] = text.startsWith('\uFEFF') ? [[0, 1]] : [];
  let comma = -1;
  let index = ranges.length;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    const next = text.charCodeAt(index + 1);
    if (code === 0x22) {
      index = endOfString(text, index);
      comma = -1;
    } else if (code === 0x2f && (next === 0x2f || next === 0x2a)) {
      const end = next === 0x2f ? text.indexOf('\n', index) : text.indexOf('*/', index + 2);
      const after = end === -1 ? text.length : next === 0x2f ? end : end + 2;
      ranges.push([index, after]);
      index = after;
    } else {
      if (code === 0x2c) comma = index;
      else if (code > 0x20) {
        if (comma !== -1 && (code === 0x7d || code === 0x5d)) ranges.push([comma, comma + 1]);
        comma = -1;
      }
      index += 1;
    }
  }
  const out: string[] = [];
  let copied = 0;
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    out.push(text.slice(copied, from), text.slice(from, to).replace(/[^\n\r]/g, ' '));
    copied = to;
  }
  return out.join('') + text.slice(copied);
}
