// SPDX-License-Identifier: Apache-2.0
// POSIX cron lines, as far as GitHub reads them: whether one is well-formed, and how often it fires at most.

export type CronLine =
  | { readonly kind: 'cron' /** The shortest time between two runs, in seconds. */; readonly interval: number }
  | { readonly kind: 'malformed'; readonly reason: string };

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: months },
  { name: 'day of week', from: 0, to: 6, names: days },
];

export function parseCron(line: string): CronLine {
  const parts = line.trim().split(/[ \t]+/);
  if (line.length > 500 || parts.length !== fields.length)
    return { kind: 'malformed', reason: `expected exactly 5 fields, found ${line.trim() === '' ? 0 : parts.length}` };
  const sets: (readonly number[])[] = [];
  for (const [at, field] of fields.entries()) {
    const set = fieldValues(parts[at] ?? '', field);
    if (typeof set === 'string') return { kind: 'malformed', reason: set };
    sets.push(set);
  }
  return { kind: 'cron', interval: shortestInterval(sets[0] ?? [], sets[1] ?? []) };
}

/** The values a field allows, sorted; a sentence when it is malformed. */
function fieldValues(text: string, field: Field): readonly number[] | string {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const range = rangeOf(part, field);
    if (typeof range === 'string') return range;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function rangeOf(part: string, field: Field): { from: number; to: number; step: number } | string {
  const match = /^(?:([*?])|([0-9a-zA-Z]{1,9})(?:-([0-9a-zA-Z]{1,9}))?)(?:\/(\d{1,9}))?$/.exec(part);
  if (match === null) return `${JSON.stringify(part)} is no value of the ${field.name}`;
  const [, star, low, high, every] = match;
  const step = every === undefined ? 1 : Number(every);
  if (step === 0) return `step of ${JSON.stringify(part)} must be greater than zero`;
  const from = star === undefined ? valueOf(low ?? '', field) : field.from;
  const alone = every === undefined ? from : field.to;
  const to = star === undefined ? (high === undefined ? alone : valueOf(high, field)) : field.to;
  if (Number.isNaN(from) || Number.isNaN(to)) return `${JSON.stringify(part)} is no value of the ${field.name}`;
  if (from < field.from || to > field.to || from > to)
    return `${JSON.stringify(part)} is out of the range of the ${field.name} (${field.from}-${field.to})`;
  return { from, to, step };
}

function valueOf(text: string, field: Field): number {
  if (/^\d+$/.test(text)) return Number(text);
  const at = field.names?.indexOf(text.toLowerCase()) ?? -1;
  return at === -1 ? Number.NaN : at + field.from;
}

/** Only minutes and hours can bring two runs closer than a day. */
function shortestInterval(minutes: readonly number[], hours: readonly number[]): number {
  let shortest = 24 * 60;
  for (const [at, minute] of minutes.entries()) {
    const next = minutes[at + 1];
    if (next !== undefined) shortest = Math.min(shortest, next - minute);
  }
  const first = minutes[0] ?? 0;
  const last = minutes.at(-1) ?? 0;
  for (const [at, hour] of hours.entries()) {
    const next = hours[at + 1] ?? (hours[0] ?? 0) + 24;
    shortest = Math.min(shortest, (next - hour) * 60 - last + first);
  }
  return shortest * 60;
}
