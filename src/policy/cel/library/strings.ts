// SPDX-License-Identifier: Apache-2.0
// The strings extension (cel-go ext/strings.go). Positions are code points. `format` has a file of its own.

import type { CelLibrary, Overload } from '../declarations.ts';
import { globalOverload, memberOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { dynType, intType, listOf, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelError, textOf } from '../values.ts';
import type { FormatStyle } from './format-text.ts';
import { formatText } from './format-text.ts';

const largestText = 10_000_000;

/** A text as a list of code points; texts without surrogates are their own list. */
function pointsOf(text: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

function sliceText(text: string, from: number, to: number): string {
  const points = pointsOf(text);
  return typeof points === 'string' ? points.slice(from, to) : points.slice(from, to).join('');
}

function lengthOf(text: string): number {
  return pointsOf(text).length;
}

/** Index in code points of an index in UTF-16 units. */
function pointIndex(text: string, unit: number): number {
  return unit < 0 ? unit : lengthOf(text.slice(0, unit));
}

function unitIndex(text: string, point: number): number {
  return sliceText(text, 0, point).length;
}

function charAt(text: CelValue = '', index: CelValue = 0): CelValue {
  const source = textOf(text);
  const position = Number(index);
  if (position < 0 || position > lengthOf(source)) return new CelError(`index out of range: ${position}`);
  return sliceText(source, position, position + 1);
}

function indexOf(text: CelValue = '', part: CelValue = '', offset: CelValue = 0): CelValue {
  const source = textOf(text);
  const from = Number(offset);
  if (from < 0 || from > lengthOf(source))
    return part === '' && from >= 0 && from <= lengthOf(source) ? from : outside(from);
  return pointIndex(source, source.indexOf(textOf(part), unitIndex(source, from)));
}

function lastIndexOf(text: CelValue = '', part: CelValue = '', offset?: CelValue): CelValue {
  const source = textOf(text);
  if (offset === undefined) return pointIndex(source, source.lastIndexOf(textOf(part)));
  const from = Number(offset);
  if (from < 0 || from > lengthOf(source)) return outside(from);
  return pointIndex(source, source.lastIndexOf(textOf(part), unitIndex(source, from)));
}

function outside(index: number): CelError {
  return new CelError(`index out of range: ${index}`);
}

function substring(text: CelValue = '', from: CelValue = 0, to?: CelValue): CelValue {
  const source = textOf(text);
  const length = lengthOf(source);
  const start = Number(from);
  const end = to === undefined ? length : Number(to);
  if (start > end) return new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0 || start > length) return outside(start);
  if (end < 0 || end > length) return outside(end);
  return sliceText(source, start, end);
}

function replace(text: CelValue = '', from: CelValue = '', [to, limit]: readonly [CelValue, number]): CelValue {
  const source = textOf(text);
  const search = textOf(from);
  const put = textOf(to);
  if (limit === 0) return source;
  const count = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  const pieces = search === '' ? Array.from(pointsOf(source)) : source.split(search);
  // Go's strings.Replace puts the text before each code point and at the end when the searched text is empty.
  if (search === '') return replaceNothing(pieces, { put, count });
  const changes = Math.min(pieces.length - 1, count);
  if (source.length + changes * put.length > largestText) return new CelError('result of replace is too long');
  const head = pieces.slice(0, changes + 1).join(put);
  const rest = pieces.slice(changes + 1);
  return rest.length === 0 ? head : [head, ...rest].join(search);
}

function replaceNothing(
  points: readonly string[],
  { put, count }: { readonly put: string; readonly count: number },
): CelValue {
  if ((points.length + 1) * (put.length + 1) > largestText) return new CelError('result of replace is too long');
  let changes = 0;
  const out: string[] = [];
  for (const point of points) {
    if (changes < count) {
      out.push(put);
      changes += 1;
    }
    out.push(point);
  }
  if (changes < count) out.push(put);
  return out.join('');
}

function split(text: CelValue = '', separator: CelValue = '', limit: CelValue = -1): CelValue {
  const source = textOf(text);
  const most = Number(limit);
  if (most === 0) return [];
  if (most === 1) return [source];
  const by = textOf(separator);
  const pieces = by === '' ? Array.from(pointsOf(source)) : source.split(by);
  if (most < 0 || pieces.length <= most) return pieces;
  return [...pieces.slice(0, most - 1), pieces.slice(most - 1).join(by)];
}

function join(list: CelValue = null, separator: CelValue = ''): CelValue {
  const parts = list as readonly CelValue[];
  if (!parts.every((part) => typeof part === 'string')) return new CelError('join() takes a list of strings');
  return parts.join(textOf(separator));
}

/** unicode.IsSpace of Go: White_Space without what JavaScript adds (U+FEFF). */
const blanks = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const leading = new RegExp(`^${blanks}+`);

function trim(text: string): string {
  const start = text.replace(leading, '');
  let end = start.length;
  const blank = new RegExp(blanks);
  while (end > 0 && blank.test(start.charAt(end - 1))) end -= 1;
  return start.slice(0, end);
}

const quoted: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function quote(text: string): string {
  const escaped = Array.from(text.toWellFormed()).map((point) => quoted[point] ?? point);
  return `"${escaped.join('')}"`;
}

function asciiCase(text: string, pattern: RegExp, change: (letters: string) => string): string {
  return text.replace(pattern, change);
}

const traversal: NonNullable<Overload['cost']> = ([text]) =>
  Math.ceil((typeof text === 'string' ? text.length : 1) * 0.1);

function costed(overload: Overload): Overload {
  return { ...overload, cost: traversal };
}

const listOfText = listOf(stringType);

export const stringLibrary: CelLibrary = {
  name: 'strings',
  functions: functionsOf({
    charAt: [memberOverload('string_char_at_int', [[stringType, intType], stringType], charAt)],
    indexOf: [
      costed(memberOverload('string_index_of_string', [[stringType, stringType], intType], indexOf)),
      costed(memberOverload('string_index_of_string_int', [[stringType, stringType, intType], intType], indexOf)),
    ],
    lastIndexOf: [
      costed(memberOverload('string_last_index_of_string', [[stringType, stringType], intType], lastIndexOf)),
      costed(
        memberOverload('string_last_index_of_string_int', [[stringType, stringType, intType], intType], lastIndexOf),
      ),
    ],
    lowerAscii: [
      costed(
        memberOverload('string_lower_ascii', [[stringType], stringType], (text) =>
          asciiCase(textOf(text), /[A-Z]+/g, (letters) => letters.toLowerCase()),
        ),
      ),
    ],
    upperAscii: [
      costed(
        memberOverload('string_upper_ascii', [[stringType], stringType], (text) =>
          asciiCase(textOf(text), /[a-z]+/g, (letters) => letters.toUpperCase()),
        ),
      ),
    ],
    replace: [
      costed(
        memberOverload(
          'string_replace_string_string',
          [[stringType, stringType, stringType], stringType],
          (text, from, to = '') => replace(text, from, [to, -1]),
        ),
      ),
      costed(
        memberOverload(
          'string_replace_string_string_int',
          [[stringType, stringType, stringType, intType], stringType],
          (text, from, to = '', limit = -1) => replace(text, from, [to, Number(limit)]),
        ),
      ),
    ],
    split: [
      costed(memberOverload('string_split_string', [[stringType, stringType], listOfText], split)),
      costed(memberOverload('string_split_string_int', [[stringType, stringType, intType], listOfText], split)),
    ],
    substring: [
      costed(memberOverload('string_substring_int', [[stringType, intType], stringType], substring)),
      costed(memberOverload('string_substring_int_int', [[stringType, intType, intType], stringType], substring)),
    ],
    trim: [costed(memberOverload('string_trim', [[stringType], stringType], (text) => trim(textOf(text))))],
    reverse: [
      costed(
        memberOverload('string_reverse', [[stringType], stringType], (text) =>
          Array.from(textOf(text)).toReversed().join(''),
        ),
      ),
    ],
    join: [
      memberOverload('list_join', [[listOfText], stringType], (list) => join(list)),
      memberOverload('list_join_string', [[listOfText, stringType], stringType], join),
    ],
    format: [formatOverload('specification')],
    'strings.quote': [
      costed(globalOverload('strings_quote', [[stringType], stringType], (text) => quote(textOf(text)))),
    ],
  }),
};

/** The version of the extension that Kubernetes has (2) prints in `format` what is inside lists and maps as a literal. */
export const kubernetesStringLibrary: CelLibrary = {
  ...stringLibrary,
  functions: stringLibrary.functions.map((declared) =>
    declared.name === 'format' ? { ...declared, overloads: [formatOverload('version-2')] } : declared,
  ),
};

function formatOverload(style: FormatStyle): Overload {
  return costed(
    memberOverload('string_format', [[stringType, listOf(dynType)], stringType], (text, values) =>
      formatText(textOf(text), values as readonly CelValue[], style),
    ),
  );
}
