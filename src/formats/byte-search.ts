// SPDX-License-Identifier: Apache-2.0
// Finds patterns in large bytes without turning them into one text: around a literal, which is cheap, or piece by piece.
// Text is latin1, one character for each byte. Patterns come from tables of ours and must be linear with bounded lengths.
import { bufferOf } from './byte-view.ts';

export interface ByteSearch {
  readonly pattern: RegExp;
  /** A text that every match holds: only its surroundings are looked at. */
  readonly near?: string | undefined;
  /** Bytes before and behind the literal that a match may use; also how long a match may be without a literal. */
  readonly reach?: number | undefined;
}

const defaultReach = 160;
const pieceLength = 1_048_576;
/** A literal that occurs more often tells nothing. */
const maximumOccurrences = 20_000;

/** The first match for which `accept` gives a value; undefined when there is none. */
export function searchBytes<T>(
  bytes: Uint8Array,
  search: ByteSearch,
  accept: (match: RegExpExecArray) => T | undefined,
): T | undefined {
  return search.near === undefined ? inPieces(bytes, search, accept) : aroundLiteral(bytes, search, accept);
}

function aroundLiteral<T>(
  bytes: Uint8Array,
  search: ByteSearch,
  accept: (match: RegExpExecArray) => T | undefined,
): T | undefined {
  const buffer = bufferOf(bytes);
  const literal = Buffer.from(search.near ?? '', 'latin1');
  const reach = search.reach ?? defaultReach;
  if (literal.length === 0) return undefined;
  let count = 0;
  for (let at = buffer.indexOf(literal); at !== -1; at = buffer.indexOf(literal, at + 1)) {
    count += 1;
    if (count > maximumOccurrences) return undefined;
    const text = buffer.toString('latin1', Math.max(0, at - reach), at + literal.length + reach);
    const match = search.pattern.exec(text);
    const value = match === null ? undefined : accept(match);
    if (value !== undefined) return value;
  }
  return undefined;
}

function inPieces<T>(
  bytes: Uint8Array,
  search: ByteSearch,
  accept: (match: RegExpExecArray) => T | undefined,
): T | undefined {
  const buffer = bufferOf(bytes);
  const reach = search.reach ?? defaultReach;
  for (let at = 0; at < buffer.length; at += pieceLength) {
    // Pieces overlap, so that no match is cut in two.
    const text = buffer.toString('latin1', at, Math.min(buffer.length, at + pieceLength + reach));
    for (const match of text.matchAll(new RegExp(search.pattern.source, withGlobal(search.pattern.flags)))) {
      const value = accept(match);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function withGlobal(flags: string): string {
  return flags.includes('g') ? flags : `${flags}g`;
}
