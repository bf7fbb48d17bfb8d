// SPDX-License-Identifier: Apache-2.0
// The standard functions that are neither operators nor conversions: sizes, tests of strings, calendar fields of times.

import type { CelLibrary, Overload } from '../declarations.ts';
import { globalOverload, memberOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { isMap, sizeOfMap } from '../equality.ts';
import type { CalendarFields } from '../time-text.ts';
import { calendarFields } from '../time-text.ts';
import type { CelType } from '../types.ts';
import {
  boolType,
  bytesType,
  durationType,
  intType,
  listOf,
  mapOf,
  parameter,
  stringType,
  timestampType,
} from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelBytes, CelDuration, CelError, CelTimestamp, textOf } from '../values.ts';
import { compilePattern } from './regular-expressions.ts';

/** Code points, which is what CEL counts. */
export function sizeOfText(text: string): number {
  let size = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    size -= 1;
    at += 1;
  }
  return size;
}

function sizeOf(value: CelValue = null): CelValue {
  if (typeof value === 'string') return sizeOfText(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof CelBytes) return value.value.length;
  return isMap(value) ? sizeOfMap(value) : new CelError('no such overload: size()');
}

const sized: readonly (readonly [string, CelType])[] = [
  ['string', stringType],
  ['bytes', bytesType],
  ['list', listOf(parameter('A'))],
  ['map', mapOf(parameter('A'), parameter('B'))],
];

const sizeOverloads: readonly Overload[] = [
  ...sized.map(([name, type]) => globalOverload(`size_${name}`, [[type], intType], sizeOf)),
  ...sized.map(([name, type]) => memberOverload(`${name}_size`, [[type], intType], sizeOf)),
];

const traversal = 0.1;

function textTest(id: string, test: (text: string, other: string) => boolean, cost: Overload['cost']): Overload {
  return {
    id,
    style: 'member',
    parameters: [stringType, stringType],
    result: boolType,
    run: (text = '', other = '') => test(textOf(text), textOf(other)),
    ...(cost === undefined ? {} : { cost }),
  };
}

function lengthOf(value: CelValue | undefined): number {
  return typeof value === 'string' ? value.length : 1;
}

/** cel-go runtimecost.go: prefix and suffix tests cost by the first text, contains by both. */
const affixCost: Overload['cost'] = ([text]) => Math.ceil(lengthOf(text) * traversal);
const containsCost: Overload['cost'] = ([text, part]) =>
  Math.ceil(lengthOf(text) * traversal) * Math.ceil(lengthOf(part) * traversal);

/** Cost of a match, from the lengths of text and pattern (cel-go runtimecost.go, MatchesString). */
export function matchCost([text, pattern]: readonly CelValue[]): number {
  return Math.ceil((1 + lengthOf(text)) * traversal) * Math.ceil(lengthOf(pattern) * 0.25);
}

function matches(text: CelValue = '', pattern: CelValue = ''): CelValue {
  const compiled = compilePattern(textOf(pattern));
  return compiled instanceof CelError ? compiled : compiled.matcher(textOf(text)).find();
}

const matchSignature = {
  parameters: [stringType, stringType],
  result: boolType,
  run: matches,
  cost: matchCost,
} as const;

/** A calendar field, in UTC or in a zone. */
function calendar(name: string, read: (fields: CalendarFields) => number): readonly Overload[] {
  const run = (time: CelValue = null, zone: CelValue = 'UTC'): CelValue => {
    if (!(time instanceof CelTimestamp)) return new CelError('no such overload');
    const fields = calendarFields(time, textOf(zone));
    return fields instanceof CelError ? fields : read(fields);
  };
  return [
    memberOverload(`timestamp_${name}`, [[timestampType], intType], run),
    memberOverload(`timestamp_${name}_with_tz`, [[timestampType, stringType], intType], run),
  ];
}

function spanOf(name: string, nanoseconds: bigint, within?: bigint): Overload {
  return memberOverload(`duration_${name}`, [[durationType], intType], (value = null) => {
    if (!(value instanceof CelDuration)) return new CelError('no such overload');
    const rest = within === undefined ? value.nanoseconds : value.nanoseconds % within;
    return Number(rest / nanoseconds);
  });
}

const second = 1_000_000_000n;

export const standardLibrary: CelLibrary = {
  name: 'standard',
  functions: functionsOf({
    size: sizeOverloads,
    startsWith: [textTest('starts_with_string', (text, start) => text.startsWith(start), affixCost)],
    endsWith: [textTest('ends_with_string', (text, end) => text.endsWith(end), affixCost)],
    contains: [textTest('contains_string', (text, part) => text.includes(part), containsCost)],
    matches: [
      { id: 'matches', style: 'global', ...matchSignature },
      { id: 'matches_string', style: 'member', ...matchSignature },
    ],
    getFullYear: calendar('to_year', ({ year }) => year),
    getMonth: calendar('to_month', ({ month }) => month),
    getDayOfYear: calendar('to_day_of_year', ({ dayOfYear }) => dayOfYear),
    getDayOfMonth: calendar('to_day_of_month', ({ dayOfMonth }) => dayOfMonth - 1),
    getDate: calendar('to_day_of_month_1_based', ({ dayOfMonth }) => dayOfMonth),
    getDayOfWeek: calendar('to_day_of_week', ({ dayOfWeek }) => dayOfWeek),
    getHours: [...calendar('to_hours', ({ hours }) => hours), spanOf('to_hours', 3600n * second)],
    getMinutes: [...calendar('to_minutes', ({ minutes }) => minutes), spanOf('to_minutes', 60n * second)],
    getSeconds: [...calendar('to_seconds', ({ seconds }) => seconds), spanOf('to_seconds', second)],
    getMilliseconds: [
      ...calendar('to_milliseconds', ({ milliseconds }) => milliseconds),
      spanOf('to_milliseconds', 1_000_000n, second),
    ],
  }),
};
