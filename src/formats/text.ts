// SPDX-License-Identifier: Apache-2.0
// Bytes to text, with the byte order marks that Windows tools leave, and offsets to lines.
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';

export interface DecodedText {
  readonly text: string;
  readonly problems: readonly Problem[];
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes UTF-8 (with or without mark) or UTF-16 with a mark. Invalid sequences become U+FFFD and a problem that does not hide findings;
 * NUL characters are one that does, because no line-based reader finds anything between them.
 */
export function decodeText(bytes: Uint8Array, path: string): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), problems: [] };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), problems: [] };
  try {
    return { text: strictDecoder.decode(bytes), problems: nulProblems(bytes, path) };
  } catch {
    const problem: Problem = {
      kind: 'encoding',
      message: 'not valid UTF-8; the invalid bytes were replaced',
      location: { path },
      hidesFindings: false,
    };
    return { text: new TextDecoder('utf-8').decode(bytes), problems: [problem, ...nulProblems(bytes, path)] };
  }
}

/** UTF-16 without a mark is valid UTF-8 as long as it holds only ASCII: every second byte is a NUL. */
function nulProblems(bytes: Uint8Array, path: string): readonly Problem[] {
  if (!bytes.includes(0)) return [];
  const message = 'contains NUL characters, as UTF-16 without a byte order mark does; it cannot be read as text';
  return [{ kind: 'encoding', message, location: { path }, hidesFindings: true }];
}

/** Maps character offsets of a text to lines and columns (both from 1). */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** Line of the character at `offset`. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  locate(path: string, offset: number): Location {
    const line = this.lineAt(offset);
    return { path, line, column: offset - (this.#starts[line - 1] ?? 0) + 1 };
  }
}

/** Shorthand for the commonest problem: the text is not what it claims to be. */
export function syntaxProblem(path: string, message: string, line?: number, column?: number): Problem {
  const location = { path, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return { kind: 'syntax', message, location, hidesFindings: true };
}

/** A generated file lacks what its writer always puts at the end: the rest, whatever it was, is gone. */
export function cutOffProblem(path: string, missing: string): Problem {
  return syntaxProblem(path, `${missing} is missing at the end; the file is probably cut off`);
}
