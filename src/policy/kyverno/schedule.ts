// SPDX-License-Identifier: Apache-2.0
// Schedules as in a crontab: five fields, names of months and days, lists, ranges and steps, and the usual shorthands. Times are UTC, as in a cluster.

export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Days of the month and of the week are both stated: then either is enough (crontab(5)). */
  readonly isEitherDay: boolean;
}

const shorthands: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Undefined for a text that is no schedule. */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (shorthands[text.trim()] ?? text).trim().split(/\s+/);
  if (text.length > 200 || fields.length !== 5) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const minutes = parseField(minute, { from: 0, to: 59, names: [] });
  const hours = parseField(hour, { from: 0, to: 23, names: [] });
  const days = parseField(day, { from: 1, to: 31, names: [] });
  const months = parseField(month, { from: 1, to: 12, names: monthNames });
  const weekdays = parseField(weekday, { from: 0, to: 7, names: dayNames });
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const isEitherDay = !/^[*?]/.test(day) && !/^[*?]/.test(weekday);
  return { minutes, hours, days, months, weekdays: new Set([...weekdays].map((each) => each % 7)), isEitherDay };
}

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly names: readonly string[];
}

function parseField(text: string, bounds: Bounds): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step = '1', ...rest] = part.split('/');
    const size = /^\d{1,2}$/.test(step) ? Number(step) : 0;
    const ends =
      rest.length > 0 || size === 0 ? undefined : endsOf(range, bounds, part.includes('/') ? 'open' : 'closed');
    if (ends === undefined) return undefined;
    for (let value = ends[0]; value <= ends[1]; value += size) values.add(value);
  }
  return values;
}

/** With a step a single number means from there to the end. */
function endsOf(range: string, bounds: Bounds, single: 'open' | 'closed'): readonly [number, number] | undefined {
  if (range === '*' || range === '?') return [bounds.from, bounds.to];
  const [first = '', last, ...rest] = range.split('-');
  const from = numberOf(first, bounds);
  const to = last === undefined ? (single === 'open' ? bounds.to : from) : numberOf(last, bounds);
  return rest.length > 0 || from === undefined || to === undefined || from > to ? undefined : [from, to];
}

function numberOf(text: string, { from, to, names }: Bounds): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  const value = named !== -1 ? named + from : /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= from && value <= to ? value : undefined;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** Four years and a day: 29 February comes in that time, or never. */
const longest = 1_462;

/** The first time after `after` (milliseconds since 1970) at which the schedule fires; undefined when it never does. */
export function nextTime(schedule: Schedule, after: number): number | undefined {
  let time = Math.floor(after / minute) * minute + minute;
  for (let days = 0; days <= longest; days += 1) {
    const endOfDay = Math.floor(time / day) * day + day;
    if (isDay(schedule, new Date(time)))
      for (; time < endOfDay; time += minute) {
        const date = new Date(time);
        if (schedule.hours.has(date.getUTCHours()) && schedule.minutes.has(date.getUTCMinutes())) return time;
      }
    time = endOfDay;
  }
  return undefined;
}

function isDay({ days, months, weekdays, isEitherDay }: Schedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [isOfMonth, isOfWeek] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek;
}
