// SPDX-License-Identifier: Apache-2.0
// Finds what may be encoded in a text of bytes: percent signs, Unicode notations, long hexadecimal and base64 words. Matches the expressions
// of gitleaks (detect/codec) without running them: one look at every sixteenth character is enough to find a word of sixteen.

export type Encoding = 'percent' | 'unicode' | 'hex' | 'base64';

/** From the most telling to the least: of two that touch, the one that comes first here is decoded first, the other in the next pass. */
export const encodings: readonly Encoding[] = ['percent', 'unicode', 'hex', 'base64'];

export interface EncodedValue {
  readonly encoding: Encoding;
  readonly start: number;
  readonly end: number;
}

const hexLeast = 32;
const base64Least = 16;

const isHex = classOf(/[0-9A-Fa-f]/);
const likelySign = 2;
/** 0: no character of base64; 1: a letter; 2: a digit or a sign, of which every encoded text but one in a hundred has some. */
const kinds = Uint8Array.from(classOf(/[\w/+-]/), (isMember, code) =>
  isMember === 0 ? 0 : /[A-Za-z]/.test(String.fromCharCode(code)) ? 1 : likelySign,
);

function classOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_item, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

/** All values in order, without those that touch a more telling one. `bytes` are those of the text, where the caller has them. */
export function encodedValuesIn(
  text: string,
  bytes: Uint8Array = Buffer.from(text, 'latin1'),
): readonly EncodedValue[] {
  const all: EncodedValue[] = [];
  const finders = [percentFinder(text), unicodeFinder(text), wordFinder(bytes)];
  let from = 0;
  for (;;) {
    let next: EncodedValue | undefined;
    for (const find of finders) {
      const found = find(from);
      if (found !== undefined && (next === undefined || found.start < next.start)) next = found;
    }
    if (next === undefined) break;
    all.push(next);
    from = next.end;
  }
  return all.filter((value, index) => !yields(value, all[index - 1]) && !yields(value, all[index + 1]));
}

function yields(value: EncodedValue, other: EncodedValue | undefined): boolean {
  if (other === undefined || other.start > value.end || other.end < value.start) return false;
  return encodings.indexOf(other.encoding) < encodings.indexOf(value.encoding);
}

/** Gives the first value at `from` or later; asked with growing places only. */
type Finder = (from: number) => EncodedValue | undefined;

/** Asks `search` again only when what it gave last lies behind. */
function remembering(search: Finder): Finder {
  let last: EncodedValue | undefined;
  let isOver = false;
  return (from) => {
    if (isOver) return undefined;
    if (last === undefined || last.start < from) last = search(from);
    if (last === undefined) isOver = true;
    return last;
  };
}

/** From one `%41` to the last of its line. */
function percentFinder(text: string): Finder {
  return remembering((from) => {
    for (let at = text.indexOf('%', from); at !== -1; at = text.indexOf('%', at + 1)) {
      if (!isPercent(text, at)) continue;
      const newline = text.indexOf('\n', at);
      let last = text.lastIndexOf('%', newline === -1 ? text.length : newline);
      while (last > at + 2 && !isPercent(text, last)) last = text.lastIndexOf('%', last - 1);
      return { encoding: 'percent', start: at, end: Math.max(last, at) + 3 };
    }
    return undefined;
  });
}

function isPercent(text: string, at: number): boolean {
  return isHex[text.charCodeAt(at + 1)] === 1 && isHex[text.charCodeAt(at + 2)] === 1;
}

/** `U+0061 U+0062 `, or `\u0061\u0062` with one or two backslashes. */
function unicodeFinder(text: string): Finder {
  const points = remembering((from) => {
    for (let at = text.indexOf('U+', from); at !== -1; at = text.indexOf('U+', at + 1)) {
      let end = at;
      while (text.startsWith('U+', end) && hasHexDigits(text, end + 2) && isSpaceOrEnd(text, end + 6))
        end = Math.min(end + 7, text.length);
      if (end > at) return { encoding: 'unicode', start: at, end };
    }
    return undefined;
  });
  const escapes = remembering((from) => {
    for (let at = text.indexOf('\\', from); at !== -1; at = text.indexOf('\\', at + 1)) {
      let end = at;
      for (let length = escapeLength(text, end); length > 0; length = escapeLength(text, end)) end += length;
      if (end > at) return { encoding: 'unicode', start: at, end };
    }
    return undefined;
  });
  return (from) => {
    const point = points(from);
    const escape = escapes(from);
    return point !== undefined && (escape === undefined || point.start < escape.start) ? point : escape;
  };
}

function escapeLength(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x5c) return 0;
  const slashes = text.charCodeAt(at + 1) === 0x5c ? 2 : 1;
  const letter = text.charCodeAt(at + slashes);
  return (letter === 0x75 || letter === 0x55) && hasHexDigits(text, at + slashes + 1) ? slashes + 5 : 0;
}

function hasHexDigits(text: string, at: number): boolean {
  for (let index = at; index < at + 4; index += 1) if (isHex[text.charCodeAt(index)] !== 1) return false;
  return true;
}

function isSpaceOrEnd(text: string, at: number): boolean {
  return at === text.length || ' \t\n\f\r'.includes(text.charAt(at));
}

/**
 * Words of at least 16 characters of base64; those that begin with at least 32 hexadecimal digits are hexadecimal so far. Words of letters
 * alone are passed over at once: they are names, and nothing would decode them.
 */
function wordFinder(bytes: Uint8Array): Finder {
  const length = bytes.length;
  return remembering((from) => {
    let at = from + base64Least - 1;
    while (at < length) {
      let seen = kinds[bytes[at] ?? 0] ?? 0;
      if (seen === 0) {
        at += base64Least;
        continue;
      }
      let end = at + 1;
      while (end < length) {
        const kind = kinds[bytes[end] ?? 0] ?? 0;
        if (kind === 0) break;
        seen |= kind;
        end += 1;
      }
      let start = at;
      while (start > from) {
        const kind = kinds[bytes[start - 1] ?? 0] ?? 0;
        if (kind === 0) break;
        seen |= kind;
        start -= 1;
      }
      if (end - start >= base64Least && seen >= likelySign) return wordAt(bytes, start, end);
      at = end + base64Least;
    }
    return undefined;
  });
}

function wordAt(bytes: Uint8Array, start: number, wordEnd: number): EncodedValue {
  let hexEnd = start;
  while (hexEnd < wordEnd && isHex[bytes[hexEnd] ?? 0] === 1) hexEnd += 1;
  if (hexEnd - start >= hexLeast) return { encoding: 'hex', start, end: hexEnd };
  let end = wordEnd;
  for (let signs = 0; signs < 2 && bytes[end] === 0x3d; signs += 1) end += 1;
  return { encoding: 'base64', start, end };
}
