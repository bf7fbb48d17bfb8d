// SPDX-License-Identifier: Apache-2.0
// JSON with positions, duplicate-key problems and a depth limit. Values come from JSON.parse; json-spans.ts finds the places.
// `relaxed` also takes comments and trailing commas (tsconfig style, bun.lock, deno.jsonc).

import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Document } from './document.ts';
import type { JsonSpan } from './json-spans.ts';
import { countMembers, endOfString, JsonSpans } from './json-spans.ts';
import { LineIndex, syntaxProblem } from './text.ts';

export interface JsonOptions {
  readonly syntax?: 'strict' | 'relaxed';
  readonly depth?: number;
}

/** Reads one JSON document. Never throws. */
export function parseJson(text: string, path: string, options: JsonOptions = {}): Document {
  const source =
    options.syntax === 'relaxed' ? blankOutComments(text) : text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = new LineIndex(source);
  const problems: Problem[] = [];
  const depth = options.depth ?? defaultLimits.depth;
  const spans = new JsonSpans(source, depth);
  if (spans.tooDeepAt !== undefined) {
    const message = `nested more than ${depth} levels deep`;
    problems.push({ kind: 'limit', message, location: lines.locate(path, spans.tooDeepAt), hidesFindings: true });
    return { value: undefined, problems, locate: () => ({ path }) };
  }
  let value: unknown;
  try {
    value = JSON.parse(source);
    problems.push(...duplicateProblems(value, spans, (start) => lines.locate(path, start)));
  } catch (error) {
    problems.push(problemOf(error, source, path, lines));
  }
  return { value, problems, locate: (at) => locateSpan(spans.find(at), path, lines) };
}

function duplicateProblems(value: unknown, spans: JsonSpans, locate: (start: number) => Location): Problem[] {
  if (value === null || typeof value !== 'object' || countMembers(value) === spans.memberCount) return [];
  return spans.duplicates().map(({ key, start }) => {
    const message = `duplicate key ${JSON.stringify(key)}; the last one counts`;
    return { kind: 'schema', message, location: locate(start), hidesFindings: true };
  });
}

function problemOf(error: unknown, source: string, path: string, lines: LineIndex): Problem {
  const offset = offsetInMessage(messageOf(error));
  if (offset !== undefined) {
    const at = lines.locate(path, offset);
    return syntaxProblem(path, 'not valid JSON', at.line, at.column);
  }
  const isCutOff = /end of JSON/.test(messageOf(error));
  return syntaxProblem(path, isCutOff ? 'unexpected end of file' : 'not valid JSON', lines.lineAt(source.length));
}

/** V8 names the offset in most messages: `... in JSON at position 17`. */
function offsetInMessage(message: string): number | undefined {
  const digits = /at position (\d+)/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function locateSpan(span: JsonSpan, path: string, lines: LineIndex): Location {
  return { path, line: lines.lineAt(span.start), endLine: lines.lineAt(Math.max(span.start, span.end - 1)) };
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
