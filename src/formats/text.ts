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
 * Decodes UTF-8 or UTF-16, each with or without mark, and older encodings: the one that the text declares (XML declaration, PEP 263), else
 * Windows-1252, which Latin-1 is a part of. What had to be guessed is a problem that does not hide findings; NUL characters are one that
 * does, because no line-based reader finds anything between them.
 */
export function decodeText(bytes: Uint8Array, path: string): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), problems: [] };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), problems: [] };
  const wide = bytes[0] === 0 || bytes[1] === 0 ? wideWithoutMark(bytes) : undefined;
  if (wide !== undefined) {
    const message = `${wide.encoding.toUpperCase()} without a byte order mark`;
    return { text: wide.text, problems: [guessed(path, message)] };
  }
  try {
    return { text: strictDecoder.decode(bytes), problems: nulProblems(bytes, path) };
  } catch {
    return decodeForeign(bytes, path);
  }
}

function guessed(path: string, message: string): Problem {
  return { kind: 'encoding', message, location: { path }, hidesFindings: false };
}

/** Text that is no UTF-8. */
function decodeForeign(bytes: Uint8Array, path: string): DecodedText {
  const declared = decodeDeclared(bytes);
  if (declared !== undefined) return { text: declared, problems: nulProblems(bytes, path) };
  const lenient = new TextDecoder('utf-8').decode(bytes);
  // Where some of it is proper UTF-8 beyond ASCII, the rest is damaged UTF-8 and not another encoding.
  const isDamaged = /[\u0080-\uFFFC\uFFFE\uFFFF]/.test(lenient);
  const text = isDamaged ? lenient : new TextDecoder('windows-1252').decode(bytes);
  const how = isDamaged ? 'the invalid bytes were replaced' : 'read as Windows-1252 (Latin-1)';
  return { text, problems: [guessed(path, `not valid UTF-8; ${how}`), ...nulProblems(bytes, path)] };
}

/** `<?xml version="1.0" encoding="ISO-8859-1"?>` in the first line, or `# -*- coding: latin-1 -*-` in one of the first two (PEP 263). */
function decodeDeclared(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 400)).toString('latin1');
  const xml = /^<\?xml\s[^>?]{0,100}encoding\s{0,5}=\s{0,5}["']([\w.:-]{1,40})["']/.exec(head);
  const python = /^(?:[^\n]{0,200}\n)?[ \t\f]{0,20}#[^\n]{0,100}coding[:=][ \t]{0,10}([\w.-]{1,40})/.exec(head);
  const label = (xml?.[1] ?? python?.[1])?.toLowerCase().replace(/^latin[-_]?1$/, 'iso-8859-1');
  if (label === undefined || /^utf[-_]?\d/.test(label)) return undefined;
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-16 without a mark as text; undefined for anything else. By the place of the NULs in the first four characters, which in every manifest are ASCII (the way of RFC 4627, section 3). */
export function wideWithoutMark(bytes: Uint8Array): { readonly encoding: string; readonly text: string } | undefined {
  if (bytes.length % 2 === 1 || bytes.length < 8) return undefined;
  const first = [0, 2, 4, 6];
  const isLittle = first.every((at) => bytes[at] !== 0 && bytes[at + 1] === 0);
  if (!isLittle && !first.every((at) => bytes[at] === 0 && bytes[at + 1] !== 0)) return undefined;
  const encoding = isLittle ? 'utf-16le' : 'utf-16be';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : { encoding, text };
  } catch {
    return undefined;
  }
}

/** Binary content, or UTF-16 that could not be told as such: nothing in it would be found. */
function nulProblems(bytes: Uint8Array, path: string): readonly Problem[] {
  if (!bytes.includes(0)) return [];
  const message = 'contains NUL characters; it cannot be read as text';
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

  /** Offset of the first character of a line counted from 1; of a line that is not there, that of the last one. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.#starts.at(-1) ?? 0;
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
