// SPDX-License-Identifier: Apache-2.0
// Times in the layouts of Go (`Mon Jan _2 15:04:05 MST 2006`), read as time.Parse does on a machine whose clock runs in UTC.
// Not here: arithmetic with times, which is done on their nanoseconds.

export interface GoTime {
  /** Since 1970-01-01 UTC. */
  readonly nanoseconds: bigint;
  /** Seconds east of UTC in which the time was written. */
  readonly offset: number;
}

export const rfc3339Layout = '2006-01-02T15:04:05Z07:00';
export const nanosecondsPerSecond = 1_000_000_000n;

/** Longest first where one is the beginning of another. */
const elements = [
  'January',
  'Jan',
  'Monday',
  'Mon',
  'MST',
  '2006',
  '__2',
  '_2',
  '002',
  '01',
  '02',
  '03',
  '04',
  '05',
  '06',
  '15',
  'PM',
  'pm',
  'Z07:00:00',
  'Z070000',
  'Z07:00',
  'Z0700',
  'Z07',
  '-07:00:00',
  '-070000',
  '-07:00',
  '-0700',
  '-07',
  '1',
  '2',
  '3',
  '4',
  '5',
] as const;

type Element = (typeof elements)[number];
type Chunk =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'element'; readonly element: Element }
  | { readonly kind: 'fraction'; readonly digits: number; readonly isExact: boolean };

const longestLayout = 200;
const fractionForm = /[.,](0+|9+)(?![0-9])/y;

function chunksOf(layout: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let text = '';
  const push = (chunk: Chunk): void => {
    if (text !== '') chunks.push({ kind: 'text', text });
    text = '';
    chunks.push(chunk);
  };
  for (let at = 0; at < layout.length; ) {
    fractionForm.lastIndex = at;
    const [fraction, digits = ''] = fractionForm.exec(layout) ?? [];
    const element = elementAt(layout, at);
    if (fraction !== undefined) {
      push({ kind: 'fraction', digits: digits.length, isExact: digits.startsWith('0') });
      at += fraction.length;
    } else if (element !== undefined) {
      push({ kind: 'element', element });
      at += element.length;
    } else {
      text += layout.charAt(at);
      at += 1;
    }
  }
  if (text !== '') chunks.push({ kind: 'text', text });
  return chunks;
}

function elementAt(layout: string, at: number): Element | undefined {
  const element = elements.find((name) => layout.startsWith(name, at));
  // `_2006` is an underscore and a year; `Jan` within a longer word is no month (time.nextStdChunk).
  if (element === '_2' && layout.startsWith('_2006', at)) return undefined;
  const isWord = element === 'Jan' || element === 'Mon';
  return isWord && /[a-z]/.test(layout.charAt(at + 3)) ? undefined : element;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** What was read so far. */
interface Fields {
  rest: string;
  year: number;
  month: number;
  day: number;
  dayOfYear: number;
  hour: number;
  minute: number;
  second: number;
  nanoseconds: bigint;
  half: 'am' | 'pm' | undefined;
  offset: number;
}

/** The time a text gives under a layout; undefined when it does not fit. An abbreviation of a time zone counts as UTC, as in Go. */
export function parseGoTime(layout: string, text: string): GoTime | undefined {
  if (layout.length > longestLayout || text.length > longestLayout) return undefined;
  const fields: Fields = {
    rest: text,
    year: 0,
    month: 0,
    day: 0,
    dayOfYear: 0,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0n,
    half: undefined,
    offset: 0,
  };
  const chunks = chunksOf(layout);
  for (const [index, chunk] of chunks.entries())
    if (!readChunk(chunk, fields, chunks[index + 1]?.kind === 'fraction')) return undefined;
  return fields.rest === '' ? timeOf(fields) : undefined;
}

function readChunk(chunk: Chunk, fields: Fields, isFractionNext: boolean): boolean {
  if (chunk.kind === 'text') return skipText(chunk.text, fields);
  if (chunk.kind === 'fraction') {
    if (!chunk.isExact && !/^[.,][0-9]/.test(fields.rest)) return true;
    return readFraction(fields, chunk.isExact ? chunk.digits : undefined);
  }
  const isRead = readElement(chunk.element, fields);
  if (!isRead || (chunk.element !== '5' && chunk.element !== '05') || isFractionNext) return isRead;
  // A fraction after the seconds is taken although the layout has none (time.Parse).
  return /^[.,][0-9]/.test(fields.rest) ? readFraction(fields, undefined) : true;
}

/** Runs of spaces stand for any run of spaces. */
function skipText(text: string, fields: Fields): boolean {
  for (let at = 0; at < text.length; ) {
    if (text.charAt(at) === ' ') {
      if (fields.rest !== '' && !fields.rest.startsWith(' ')) return false;
      at += /^ +/.exec(text.slice(at))?.[0].length ?? 1;
      fields.rest = fields.rest.replace(/^ +/, '');
      continue;
    }
    if (fields.rest.charAt(0) !== text.charAt(at)) return false;
    fields.rest = fields.rest.slice(1);
    at += 1;
  }
  return true;
}

function readFraction(fields: Fields, digits: number | undefined): boolean {
  const [whole, fraction = ''] = /^[.,]([0-9]{1,30})/.exec(fields.rest) ?? [];
  if (whole === undefined || (digits !== undefined && fraction.length !== digits)) return false;
  fields.nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  fields.rest = fields.rest.slice(whole.length);
  return true;
}

function readElement(element: Element, fields: Fields): boolean {
  switch (element) {
    case '2006':
      return readNumber(fields, /^[0-9]{4}/, (value) => void (fields.year = value));
    case '06':
      return readNumber(fields, /^[0-9]{2}/, (value) => void (fields.year = value + (value >= 69 ? 1_900 : 2_000)));
    case 'January':
    case 'Jan':
      return readName(fields, months, element, (index) => void (fields.month = index + 1));
    case 'Monday':
    case 'Mon':
      return readName(fields, days, element, () => undefined);
    case '1':
    case '01':
      return readNumber(fields, digitsOf(element), (value) => void (fields.month = value));
    case '_2':
    case '2':
    case '02':
      if (element === '_2') fields.rest = fields.rest.replace(/^ /, '');
      return readNumber(fields, digitsOf(element), (value) => void (fields.day = value));
    case '__2':
    case '002':
      if (element === '__2') fields.rest = fields.rest.replace(/^ {1,2}/, '');
      return readNumber(
        fields,
        element === '002' ? /^[0-9]{3}/ : /^[0-9]{1,3}/,
        (value) => void (fields.dayOfYear = value),
      );
    case '15':
    case '3':
    case '03':
      return readNumber(fields, digitsOf(element === '15' ? '3' : element), (value) => void (fields.hour = value));
    case '4':
    case '04':
      return readNumber(fields, digitsOf(element), (value) => void (fields.minute = value));
    case '5':
    case '05':
      return readNumber(fields, digitsOf(element), (value) => void (fields.second = value));
    case 'PM':
    case 'pm':
      return readHalf(fields, element);
    case 'MST':
      return readZoneName(fields);
    default:
      return readOffset(fields, element);
  }
}

/** With a zero in the layout exactly two digits, else one or two. */
function digitsOf(element: string): RegExp {
  return element.startsWith('0') ? /^[0-9]{2}/ : /^[0-9]{1,2}/;
}

function readNumber(fields: Fields, form: RegExp, set: (value: number) => void): boolean {
  const [digits] = form.exec(fields.rest) ?? [];
  if (digits === undefined) return false;
  fields.rest = fields.rest.slice(digits.length);
  set(Number(digits));
  return true;
}

/** Names in any case; `Jan` and `Mon` take the first three letters. */
function readName(fields: Fields, names: readonly string[], element: string, set: (index: number) => void): boolean {
  const wanted = names.map((name) => (element.length === 3 ? name.slice(0, 3) : name).toLowerCase());
  const rest = fields.rest.toLowerCase();
  const index = wanted.findIndex((name) => rest.startsWith(name));
  if (index === -1) return false;
  fields.rest = fields.rest.slice(wanted[index]?.length ?? 0);
  set(index);
  return true;
}

function readHalf(fields: Fields, element: 'PM' | 'pm'): boolean {
  const read = fields.rest.slice(0, 2);
  if (read !== element && read !== (element === 'PM' ? 'AM' : 'am')) return false;
  fields.half = read.toLowerCase() === 'pm' ? 'pm' : 'am';
  fields.rest = fields.rest.slice(2);
  return true;
}

function readZoneName(fields: Fields): boolean {
  const [name] =
    /^(?:GMT[+-][0-9]{1,2}|[+-][0-9]{2}|ChST|MeST|WITA|[A-Z]{3}[ST]T|[A-Z]{3,4}(?![A-Z]))/.exec(fields.rest) ?? [];
  if (name === undefined) return false;
  fields.rest = fields.rest.slice(name.length);
  if (/^GMT[+-]/.test(name)) fields.offset = Number(name.slice(3)) * 3_600;
  return true;
}

const offsetForms: Readonly<Record<string, RegExp>> = {
  '07:00:00': /^([+-])([0-9]{2}):([0-9]{2}):([0-9]{2})/,
  '070000': /^([+-])([0-9]{2})([0-9]{2})([0-9]{2})/,
  '07:00': /^([+-])([0-9]{2}):([0-9]{2})/,
  '0700': /^([+-])([0-9]{2})([0-9]{2})/,
  '07': /^([+-])([0-9]{2})/,
};

function readOffset(fields: Fields, element: Element): boolean {
  if (element.startsWith('Z') && fields.rest.startsWith('Z')) {
    fields.rest = fields.rest.slice(1);
    return true;
  }
  const match = offsetForms[element.slice(1)]?.exec(fields.rest) ?? null;
  if (match === null) return false;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(2).map(Number);
  if (hours > 24 || minutes > 60 || seconds > 60) return false;
  fields.offset = (match[1] === '-' ? -1 : 1) * (hours * 3_600 + minutes * 60 + seconds);
  fields.rest = fields.rest.slice(match[0].length);
  return true;
}

function timeOf(fields: Fields): GoTime | undefined {
  const hour = hourOf(fields);
  const { year, minute, second, offset, nanoseconds, dayOfYear } = fields;
  if (hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const month = fields.month === 0 ? 1 : fields.month;
  const day = fields.day === 0 ? 1 : fields.day;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, dayOfYear === 0 ? day : 1);
  if (dayOfYear > 0) date.setUTCMonth(0, dayOfYear);
  else if (month > 12 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const seconds = Math.floor(date.getTime() / 1_000) + hour * 3_600 + minute * 60 + second - offset;
  return { nanoseconds: BigInt(seconds) * nanosecondsPerSecond + nanoseconds, offset };
}

function hourOf({ hour, half }: Fields): number | undefined {
  if (half === undefined) return hour;
  if (hour > 12) return undefined;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

/** RFC 3339 without fractions, in the zone the time was written in: `2021-01-02T15:04:05-07:00`. */
export function formatRfc3339({ nanoseconds, offset }: GoTime): string {
  const wall = wallClock({ nanoseconds, offset });
  const iso = wall.toISOString().replace(/\.[0-9]{3}Z$/, '');
  if (offset === 0) return `${iso}Z`;
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${iso}${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

/** A date whose UTC fields are what the clock showed where the time was written. Times that dates cannot hold are cut off at the ends. */
export function wallClock({ nanoseconds, offset }: GoTime): Date {
  const seconds = floorDivide(nanoseconds, nanosecondsPerSecond) + BigInt(offset);
  const most = 8_640_000_000_000n;
  const bounded = seconds > most ? most : seconds < -most ? -most : seconds;
  return new Date(Number(bounded) * 1_000);
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
