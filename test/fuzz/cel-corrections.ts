// SPDX-License-Identifier: Apache-2.0
// Functions of @bufbuild/cel 0.6.1 that do not do what the CEL specification says (langdef.md), or, where it says nothing, what cel-go does, which Kubernetes
// uses. Each is replaced by one that does, with the reason, so that the comparison goes on with everything else. All of them are independent of our engine.
import type { CelFunc } from '@bufbuild/cel';
import { CelScalar, celFunc, celMethod, celUint, listType, objectType } from '@bufbuild/cel';
import { create } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';

export interface Correction {
  readonly reason: string;
  readonly functions: readonly CelFunc[];
}

const { INT, UINT, DOUBLE, STRING } = CelScalar;
const timestampType = objectType(TimestampSchema);
const durationType = objectType(DurationSchema);

interface Moment {
  readonly message: { readonly seconds: bigint; readonly nanos: number };
}

const second = 1_000_000_000n;

function nanoseconds({ message }: Moment): bigint {
  return message.seconds * second + BigInt(message.nanos);
}

function integer(text: string, [pattern, least, most]: readonly [RegExp, bigint, bigint]): bigint {
  const value = pattern.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value === undefined || value < least || value > most) throw new Error('not an integer of that type');
  return value;
}

function timestampAt(total: bigint) {
  if (total < -62_135_596_800n * second || total >= 253_402_300_800n * second)
    throw new Error('timestamp out of range');
  const nanos = ((total % second) + second) % second;
  return create(TimestampSchema, { seconds: (total - nanos) / second, nanos: Number(nanos) });
}

function durationOf(total: bigint) {
  if (total < -(2n ** 63n) || total >= 2n ** 63n) throw new Error('duration out of range');
  return create(DurationSchema, { seconds: total / second, nanos: Number(total % second) });
}

/** Characters of a text as the extension counts them: code points. */
function points(text: string): readonly string[] {
  return Array.from(text);
}

function indexIn(text: string, index: bigint): number {
  if (index < 0n || index > BigInt(points(text).length)) throw new Error('index out of range');
  return Number(index);
}

function slice(text: string, from: bigint, to: bigint): string {
  const [start, end] = [indexIn(text, from), indexIn(text, to)];
  if (start > end) throw new Error('start is behind the end');
  return points(text).slice(start, end).join('');
}

function positionOf(text: string, unit: number): bigint {
  return unit === -1 ? -1n : BigInt(points(text.slice(0, unit)).length);
}

/** Go's strings.Replace: an empty text stands before every character and at the end; a negative limit means all. */
function replaced(text: string, [from, to]: readonly [string, string], limit: number): string {
  let left = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  if (from !== '') {
    const parts = text.split(from);
    return parts.slice(1).reduce((sum, part) => {
      left -= 1;
      return `${sum}${left >= 0 ? to : from}${part}`;
    }, parts[0] ?? '');
  }
  const units = points(text).map((point) => {
    left -= 1;
    return left >= 0 ? to + point : point;
  });
  return units.join('') + (left > 0 ? to : '');
}

function printDouble(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e21);
  return isPlain ? value.toString() : value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

export const corrections: readonly Correction[] = [
  {
    reason:
      'int(string) and uint(string) take decimal digits only; BigInt() takes spaces, prefixes and the empty text too',
    functions: [
      celFunc('int', [STRING], INT, (text) => integer(text, [/^[+-]?\d+$/, -(2n ** 63n), 2n ** 63n - 1n])),
      celFunc('uint', [STRING], UINT, (text) => celUint(integer(text, [/^\d+$/, 0n, 2n ** 64n - 1n]))),
    ],
  },
  {
    reason: 'double(string) is an error for what is no number; Number() gives NaN, or 0 for blanks',
    functions: [
      celFunc('double', [STRING], DOUBLE, (text) => {
        if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Error('not a number');
        return Number(text);
      }),
    ],
  },
  {
    reason: 'timestamp(int) takes seconds since 1970, not milliseconds',
    functions: [celFunc('timestamp', [INT], timestampType, (seconds) => timestampAt(seconds * second))],
  },
  {
    reason: 'timestamps are from year 1 to 9999 and durations within int64 nanoseconds; results beyond are errors',
    functions: [
      celFunc('_+_', [timestampType, durationType], timestampType, (l, r) =>
        timestampAt(nanoseconds(l) + nanoseconds(r)),
      ),
      celFunc('_+_', [durationType, timestampType], timestampType, (l, r) =>
        timestampAt(nanoseconds(l) + nanoseconds(r)),
      ),
      celFunc('_-_', [timestampType, durationType], timestampType, (l, r) =>
        timestampAt(nanoseconds(l) - nanoseconds(r)),
      ),
      celFunc('_-_', [timestampType, timestampType], durationType, (l, r) =>
        durationOf(nanoseconds(l) - nanoseconds(r)),
      ),
      celFunc('_-_', [durationType, durationType], durationType, (l, r) => durationOf(nanoseconds(l) - nanoseconds(r))),
      celFunc('_+_', [durationType, durationType], durationType, (l, r) => durationOf(nanoseconds(l) + nanoseconds(r))),
    ],
  },
  {
    reason: 'string(duration) has no trailing zeros (cel-go: strconv.FormatFloat of the seconds)',
    functions: [
      celFunc('string', [durationType], STRING, (duration) => {
        const total = nanoseconds(duration);
        const size = total < 0n ? -total : total;
        const fraction = (size % second).toString().padStart(9, '0').replace(/0+$/, '');
        return `${total < 0n ? '-' : ''}${size / second}${fraction === '' ? '' : `.${fraction}`}s`;
      }),
    ],
  },
  {
    reason: 'the strings extension counts code points, not UTF-16 units, and checks its indexes',
    functions: [
      celMethod('charAt', STRING, [INT], STRING, function (index) {
        return points(this)[indexIn(this, index)] ?? '';
      }),
      celMethod('substring', STRING, [INT], STRING, function (from) {
        return slice(this, from, BigInt(points(this).length));
      }),
      celMethod('substring', STRING, [INT, INT], STRING, function (from, to) {
        return slice(this, from, to);
      }),
      celMethod('split', STRING, [STRING], listType(STRING), function (separator) {
        return separator === '' ? [...points(this)] : this.split(separator);
      }),
      celMethod('indexOf', STRING, [STRING], INT, function (text) {
        return positionOf(this, this.indexOf(text));
      }),
      celMethod('lastIndexOf', STRING, [STRING], INT, function (text) {
        return positionOf(this, this.lastIndexOf(text));
      }),
    ],
  },
  {
    reason: 'replace() without a text to find inserts everywhere, and -1 means all (cel-go: strings.Replace)',
    functions: [
      celMethod('replace', STRING, [STRING, STRING], STRING, function (from, to) {
        return replaced(this, [from, to], -1);
      }),
      celMethod('replace', STRING, [STRING, STRING, INT], STRING, function (from, to, limit) {
        return replaced(this, [from, to], Number(limit));
      }),
    ],
  },
  {
    reason: 'string(timestamp) has no trailing zeros (cel-go: RFC3339Nano)',
    functions: [
      celFunc('string', [timestampType], STRING, ({ message }) => {
        const date = new Date(Number(message.seconds) * 1000).toISOString().slice(0, 19);
        const fraction = message.nanos.toString().padStart(9, '0').replace(/0+$/, '');
        return `${date}${fraction === '' ? '' : `.${fraction}`}Z`;
      }),
    ],
  },
  {
    reason: 'a quotient of uints may be any uint; it is held against the range of int there',
    functions: [
      celFunc('_/_', [UINT, UINT], UINT, (left, right) => {
        if (right.value === 0n) throw new Error('division by zero');
        return celUint(left.value / right.value);
      }),
    ],
  },
  {
    reason: 'string(double) is written as Go does: -0, and exponents of two digits below 1e-4 and from 1e21 on',
    functions: [celFunc('string', [DOUBLE], STRING, printDouble)],
  },
];
