// SPDX-License-Identifier: Apache-2.0
// Functions on texts, as Sprig has them. Positions count bytes of UTF-8, as in Go.

import { printed, quotedText } from '../print-format.ts';
import { boundedText, goText, HelmRefusal, longestText, TooLarge } from '../value.ts';
import type { Functions, TemplateFunction } from './arguments.ts';
import { int, text, textOf, textsOf } from './arguments.ts';

/** Part of a text by bytes. */
function slice(value: string, from: number, to?: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: where all is ASCII bytes are characters
  if (/^[\0-\x7F]*$/.test(value)) return value.slice(from, to);
  return Buffer.from(value).subarray(from, to).toString('utf8');
}

function trunc(length: number, value: string): string {
  const size = Buffer.byteLength(value);
  if (length < 0 && size + length > 0) return slice(value, size + length);
  return length >= 0 && size > length ? slice(value, 0, length) : value;
}

function substring(from: number, to: number, value: string): string {
  const size = Buffer.byteLength(value);
  if (from < 0) return slice(value, 0, bound(to, size));
  if (to < 0 || to > size) return slice(value, bound(from, size));
  if (from > to) throw new HelmRefusal('slice bounds out of range');
  return slice(value, from, to);
}

function bound(at: number, size: number): number {
  if (at < 0 || at > size) throw new HelmRefusal('slice bounds out of range');
  return at;
}

function trimmed(value: string, isCut: (letter: string) => boolean): string {
  const characters = Array.from(value);
  let [from, to] = [0, characters.length];
  while (from < to && isCut(characters[from] ?? '')) from += 1;
  while (to > from && isCut(characters[to - 1] ?? '')) to -= 1;
  return characters.slice(from, to).join('');
}

const trimAll: TemplateFunction = ([cut, value]) => {
  const set = new Set(text(cut));
  return trimmed(text(value), (letter) => set.has(letter));
};

function replaced(from: string, to: string, value: string): string {
  const count = from === '' ? value.length + 1 : value.split(from).length - 1;
  if (value.length + count * to.length > longestText) throw new TooLarge();
  return from === ''
    ? `${to}${Array.from(value)
        .map((letter) => letter + to)
        .join('')}`
    : value.split(from).join(to);
}

function indented(width: number, value: string): string {
  const pad = ' '.repeat(Math.min(10_000, Math.max(0, width)));
  if (value.split('\n').length * pad.length > longestText) throw new TooLarge();
  return boundedText(pad + value.replaceAll('\n', `\n${pad}`));
}

function repeated(count: number, value: string): string {
  if (count < 0) throw new HelmRefusal('strings: negative Repeat count');
  if (count * value.length > longestText) throw new TooLarge();
  return value.repeat(count);
}

/** strings.Title: every letter behind something that is none is a capital one. */
function titled(value: string): string {
  return value.replace(/(?<![\p{L}\p{N}_])\p{L}/gu, (letter) => letter.toUpperCase());
}

/** Words that begin where a separator, or a capital letter behind a small one, stands. */
function separated(value: string, separator: string): string {
  return value
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replace(/(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, '_')
    .replace(/[\s_-]/gu, separator)
    .toLowerCase();
}

function splitByBytes(value: string, separator: string, limit = -1): readonly string[] {
  const parts = separator === '' ? Array.from(value) : value.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  if (limit === 0) return [];
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function numbered(parts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(parts.map((part, index) => [`_${index}`, part]));
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null;
}

/** goutils.Abbreviate. */
function abbreviated(from: number, width: number, value: string): string {
  if (width < 4 || (from > 0 && width < 7) || value.length <= width) return value;
  const start = Math.min(from, value.length);
  const offset = value.length - start < width - 3 ? value.length - (width - 3) : start;
  if (offset <= 4) return `${value.slice(0, width - 3)}...`;
  if (offset + width - 3 < value.length) return `...${abbreviated(0, width - 3, value.slice(offset))}`;
  return `...${value.slice(value.length - (width - 3))}`;
}

/** goutils.WrapCustom, with long words broken. */
function wrapped(width: number, separator: string, value: string): string {
  const size = Math.max(1, width);
  let rest = value;
  let result = '';
  while (rest.length > size) {
    boundedText(result);
    if (rest.startsWith(' ')) {
      rest = rest.slice(1);
      continue;
    }
    const at = rest.lastIndexOf(' ', size);
    const end = at >= 0 ? at : size;
    result += rest.slice(0, end) + separator;
    rest = rest.slice(at >= 0 ? end + 1 : end);
  }
  return result + rest;
}

/** Each of several separators but the last one stays, and those at the beginning do. */
function pascal(value: string): string {
  return value
    .replace(/^[\s_-]*\S/u, (start) => start.toUpperCase())
    .replace(/(?<=[^\s_-])([\s_-]*)[\s_-](\S)/gu, (_all, kept: string, letter: string) => kept + letter.toUpperCase());
}

function swapped(value: string): string {
  return Array.from(value)
    .map((letter) => (/\p{Lu}|\p{Lt}/u.test(letter) ? letter.toLowerCase() : letter.toUpperCase()))
    .join('');
}

function firstLetters(value: string): string {
  return [...value.matchAll(/(?<!\S)\S/gu)].map(([letter]) => letter).join('');
}

export const textFunctions: Functions = {
  trim: ([value]) => trimmed(text(value), (letter) => /[\s\u0085]/.test(letter)),
  upper: ([value]) => text(value).toUpperCase(),
  lower: ([value]) => text(value).toLowerCase(),
  title: ([value]) => titled(text(value)),
  untitle: ([value]) =>
    text(value).replace(/(^|\s)(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toLowerCase()),
  nospace: ([value]) => text(value).replace(/\s/g, ''),
  swapcase: ([value]) => swapped(text(value)),
  initials: ([value]) => firstLetters(text(value)),
  snakecase: ([value]) => separated(text(value), '_'),
  kebabcase: ([value]) => separated(text(value), '-'),
  camelcase: ([value]) => pascal(text(value)),
  trunc: ([length, value]) => trunc(int(length), text(value)),
  substr: ([from, to, value]) => substring(int(from), int(to), text(value)),
  abbrev: ([width, value]) => abbreviated(0, int(width), text(value)),
  abbrevboth: ([from, width, value]) => abbreviated(int(from), int(width), text(value)),
  wrap: ([width, value]) => wrapped(int(width), '\n', text(value)),
  wrapWith: ([width, separator, value]) => wrapped(int(width), text(separator), text(value)),
  repeat: ([count, value]) => repeated(int(count), text(value)),
  replace: ([from, to, value]) => replaced(text(from), text(to), text(value)),
  trimAll,
  trimall: trimAll,
  trimSuffix: ([end, value]) => {
    const [suffix, whole] = [text(end), text(value)];
    return suffix !== '' && whole.endsWith(suffix) ? whole.slice(0, whole.length - suffix.length) : whole;
  },
  trimPrefix: ([start, value]) => {
    const [prefix, whole] = [text(start), text(value)];
    return whole.startsWith(prefix) ? whole.slice(prefix.length) : whole;
  },
  contains: ([part, value]) => text(value).includes(text(part)),
  hasPrefix: ([start, value]) => text(value).startsWith(text(start)),
  hasSuffix: ([end, value]) => text(value).endsWith(text(end)),
  indent: ([width, value]) => indented(int(width), text(value)),
  nindent: ([width, value]) => `\n${indented(int(width), text(value))}`,
  plural: ([one, many, count]) => (int(count) === 1 ? text(one) : text(many)),
  cat: (values) =>
    values
      .filter((value) => !isNil(value))
      .map(goText)
      .join(' '),
  quote: (values) =>
    values
      .filter((value) => !isNil(value))
      .map((value) => quotedText(textOf(value)))
      .join(' '),
  squote: (values) =>
    values
      .filter((value) => !isNil(value))
      .map((value) => `'${goText(value)}'`)
      .join(' '),
  // Objects have a method of this name, which would give the parameter its type.
  toString: ([value]: readonly unknown[]) => textOf(value),
  toStrings: ([value]) => textsOf(value),
  join: ([separator, value]) => boundedText(textsOf(value).join(text(separator))),
  split: ([separator, value]) => numbered(splitByBytes(text(value), text(separator))),
  splitn: ([separator, count, value]) => numbered(splitByBytes(text(value), text(separator), int(count))),
  splitList: ([separator, value]) => splitByBytes(text(value), text(separator)),
  hello: () => 'Hello!',
  print: (values) => boundedText(printed(values)),
  println: (values) => boundedText(`${values.map(goText).join(' ')}\n`),
};
