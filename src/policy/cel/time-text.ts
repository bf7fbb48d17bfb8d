// SPDX-License-Identifier: Apache-2.0
// Times as text: durations in the syntax of Go (`1h30m0.5s`), timestamps in RFC 3339, and the calendar fields of a timestamp in a time zone.
// Time zones come from the platform's own tables (Intl).

import { parseGoDuration } from '../../formats/go-duration.ts';
import { checkedTimestamp } from './arithmetic.ts';
import type { CelTimestamp, CelValue } from './values.ts';
import { CelDuration, CelError } from './values.ts';

const second = 1_000_000_000n;

/** Go's time.ParseDuration. */
export function parseDuration(text: string): CelValue {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds === undefined) return new CelError(`invalid duration ${JSON.stringify(text.slice(0, 40))}`);
  return new CelDuration(nanoseconds);
}

/** A duration as CEL prints it: seconds with their fraction. */
export function printDuration({ nanoseconds }: CelDuration): string {
  const isNegative = nanoseconds < 0n;
  const size = isNegative ? -nanoseconds : nanoseconds;
  const fraction = (size % second).toString().padStart(9, '0').replace(/0+$/, '');
  return `${isNegative ? '-' : ''}${size / second}${fraction === '' ? '' : `.${fraction}`}s`;
}

const rfc3339 =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,12}))?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))$/;

/** RFC 3339; a leap second is refused, as Go refuses it. */
export function parseTimestamp(text: string): CelValue {
  const match = text.length > 64 ? null : rfc3339.exec(text);
  const fail = new CelError(`invalid timestamp ${JSON.stringify(text.slice(0, 64))}`);
  if (match === null) return fail;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, seconds = 0] = match.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return fail;
  if (hour > 23 || minute > 59 || seconds > 59) return fail;
  const zoneHours = Number(match[10] ?? 0);
  const zoneMinutes = Number(match[11] ?? 0);
  if (zoneHours > 24 || zoneMinutes > 59) return fail;
  const offset = (zoneHours * 60 + zoneMinutes) * (match[9] === '-' ? -60 : 60);
  const days = daysFromCivil(year, month, day);
  const total = BigInt(days * 86_400 + hour * 3600 + minute * 60 + seconds - offset);
  const fraction = (match[7] ?? '').padEnd(9, '0').slice(0, 9);
  return checkedTimestamp(total * second + BigInt(fraction));
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
function daysFromCivil(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 86_400_000;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** RFC 3339 in UTC, with as many digits of the second as there are. */
export function printTimestamp({ nanoseconds }: CelTimestamp): string {
  const seconds = floorDivide(nanoseconds, second);
  const fraction = (nanoseconds - seconds * second).toString().padStart(9, '0').replace(/0+$/, '');
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear().toString().padStart(4, '0');
  const rest = date.toISOString().slice(-20, -5);
  return `${year}${rest}${fraction === '' ? '' : `.${fraction}`}Z`;
}

export interface CalendarFields {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  /** From 1. */
  readonly dayOfMonth: number;
  /** 0 is Sunday. */
  readonly dayOfWeek: number;
  /** From 0. */
  readonly dayOfYear: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
}

/** Calendar fields in a zone: `UTC`, an IANA name, or an offset such as `+05:30`. */
export function calendarFields({ nanoseconds }: CelTimestamp, zone: string): CalendarFields | CelError {
  const seconds = Number(floorDivide(nanoseconds, second));
  const offset = zoneOffset(seconds, zone);
  if (offset === undefined) return new CelError(`unknown time zone ${zone.slice(0, 64)}`);
  const date = new Date((seconds + offset) * 1000);
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  const midnight = new Date(date.getTime());
  midnight.setUTCHours(0, 0, 0, 0);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    dayOfMonth: date.getUTCDate(),
    dayOfWeek: date.getUTCDay(),
    dayOfYear: Math.round((midnight.getTime() - start.getTime()) / 86_400_000),
    hours: date.getUTCHours(),
    minutes: date.getUTCMinutes(),
    seconds: date.getUTCSeconds(),
    milliseconds: Number((nanoseconds - BigInt(seconds) * second) / 1_000_000n),
  };
}

function zoneOffset(seconds: number, zone: string): number | undefined {
  if (zone === '' || zone === 'UTC') return 0;
  const fixed = /^([+-]?)([0-9]{2}):([0-9]{2})$/.exec(zone);
  if (fixed !== null) {
    const size = Number(fixed[2]) * 3600 + Number(fixed[3]) * 60;
    return fixed[1] === '-' ? -size : size;
  }
  const format = zoneFormat(zone);
  if (format === undefined) return undefined;
  const parts = new Map(format.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]));
  const field = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name) ?? 0);
  const days = daysFromCivil(field('year'), field('month'), field('day'));
  return days * 86_400 + field('hour') * 3600 + field('minute') * 60 + field('second') - seconds;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const mostFormats = 600;

function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    format = undefined;
  }
  if (formats.size < mostFormats) formats.set(zone, format);
  return format;
}
