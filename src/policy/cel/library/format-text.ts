// SPDX-License-Identifier: Apache-2.0
// string.format (cel-go ext/formatting_v2.go and formatting.go): %s %d %f %e %b %x %X %o %%, with a precision for %f and %e. The older version, which
// Kubernetes has, prints what is inside lists and maps as literals, and powers of ten as such.

import { entriesOfMap, isMap } from '../equality.ts';
import { printDuration, printTimestamp } from '../time-text.ts';
import type { CelValue } from '../values.ts';
import {
  CelBytes,
  CelDuration,
  CelError,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  doubleOf,
  isInt,
  typeNameOf,
} from '../values.ts';
import { printDouble } from './conversions.ts';

export type FormatStyle = 'specification' | 'version-2';

const clause = /%(?:\.([0-9]{1,4}))?([a-zA-Z%])?/y;
const largestText = 10_000_000;
const mostPrecision = 1_000;

/** Fills a format. Every clause takes one value; values left over are ignored, missing ones are an error. */
export function formatText(
  format: string,
  values: readonly CelValue[],
  style: FormatStyle = 'specification',
): CelValue {
  let text = '';
  let next = 0;
  let from = 0;
  for (let at = format.indexOf('%'); at !== -1; at = format.indexOf('%', from)) {
    text += format.slice(from, at);
    clause.lastIndex = at;
    const match = clause.exec(format);
    const verb = match?.[2];
    if (match === null || verb === undefined) return new CelError('unexpected end of format string');
    from = clause.lastIndex;
    if (verb === '%') {
      text += '%';
      continue;
    }
    const value = values[next];
    if (value === undefined) return new CelError(`index ${next} out of range`);
    next += 1;
    const precision = match[1] === undefined ? undefined : Math.min(Number(match[1]), mostPrecision);
    const piece = formatClause({ verb, precision, style }, value);
    if (piece instanceof CelError) return piece;
    text += piece;
    if (text.length > largestText) return new CelError('result of format is too long');
  }
  return text + format.slice(from);
}

interface Clause {
  readonly verb: string;
  readonly precision: number | undefined;
  readonly style: FormatStyle;
}

function formatClause({ verb, precision, style }: Clause, value: CelValue): string | CelError {
  switch (verb) {
    case 's':
      return (
        printValue(value, style) ?? misfit('%s', 'strings, bools, bytes, numbers, lists, maps, times and types', value)
      );
    case 'd':
      return decimal(value, style);
    case 'f':
      return fixed(value, precision ?? 6);
    case 'e':
      return style === 'version-2' ? powerOfTen(value) : scientific(value, precision ?? 6);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return radix(value, 2) ?? misfit('%b', 'integers and bools', value);
    case 'o':
      return radix(value, 8) ?? misfit('%o', 'integers', value);
    case 'x':
    case 'X': {
      const digits = hexadecimal(value);
      if (digits === undefined) return misfit(`%${verb}`, 'integers, bytes, and strings', value);
      return verb === 'X' ? digits.toUpperCase() : digits;
    }
    default:
      return new CelError(`unrecognized formatting clause: ${verb}`);
  }
}

function misfit(verb: string, wanted: string, value: CelValue): CelError {
  return new CelError(`error during formatting: ${verb} only takes ${wanted}, was given ${typeNameOf(value)}`);
}

function integerOf(value: CelValue): bigint | undefined {
  if (value instanceof CelUint) return value.value;
  return isInt(value) ? BigInt(value) : undefined;
}

function printSpecial(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function decimal(value: CelValue, style: FormatStyle): string | CelError {
  const integer = integerOf(value);
  if (integer !== undefined) return integer.toString();
  if (style === 'version-2')
    return new CelError(
      `error during formatting: decimal clause can only be used on integers, was given ${typeNameOf(value)}`,
    );
  const double = doubleOf(value);
  if (double !== undefined) return Number.isFinite(double) ? printDouble(double) : printSpecial(double);
  return misfit('%d', 'numbers', value);
}

function numberOf(value: CelValue): number | undefined {
  const integer = integerOf(value);
  return integer === undefined ? doubleOf(value) : Number(integer);
}

function fixed(value: CelValue, precision: number): string | CelError {
  const number = numberOf(value);
  if (number === undefined) return misfit('%f', 'numbers', value);
  return Number.isFinite(number) ? exactFixed(number, precision) : printSpecial(number);
}

/** toFixed takes at most 100 digits; what comes after is zero, as no double has more than that many that differ. */
function exactFixed(number: number, precision: number): string {
  if (Math.abs(number) >= 1e21) return `${BigInt(number)}${precision === 0 ? '' : `.${'0'.repeat(precision)}`}`;
  const shown = Math.min(precision, 100);
  const digits = isTie(number, shown) ? nearestEven(number, shown) : number.toFixed(shown);
  return digits + '0'.repeat(Math.max(0, precision - 100));
}

/** Whether a number lies exactly between two of its neighbours with `shown` digits. Go then takes the even one, toFixed the larger. */
function isTie(number: number, shown: number): boolean {
  return shown <= 70 && /^50*$/.test(number.toFixed(shown + 30).slice(-30));
}

function nearestEven(number: number, shown: number): string {
  const sign = number < 0 ? '-' : '';
  const cut = Math.abs(number)
    .toFixed(shown + 30)
    .slice(0, -30)
    .replace(/\.$/, '');
  const isEven = /[02468]$/.test(cut);
  return isEven ? sign + cut : sign + Math.abs(number).toFixed(shown);
}

function scientific(value: CelValue, precision: number): string | CelError {
  const number = numberOf(value);
  if (number === undefined) return misfit('%e', 'numbers', value);
  if (!Number.isFinite(number)) return printSpecial(number);
  const [digits = '', exponent = ''] = number.toExponential(Math.min(precision, 100)).split('e');
  return `${digits}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `1.500000×10⁻⁰³`: six digits, whatever precision the clause states. */
function powerOfTen(value: CelValue): string | CelError {
  const text = scientific(value, 6);
  if (text instanceof CelError || !text.includes('e')) return text;
  const [digits = '', exponent = ''] = text.split('e');
  const raised = exponent.slice(1).replace(/[0-9]/g, (digit) => superscripts[Number(digit)] ?? '');
  return `${digits}×10${exponent.startsWith('-') ? '⁻' : ''}${raised}`;
}

function radix(value: CelValue, base: 2 | 8 | 16): string | undefined {
  return integerOf(value)?.toString(base);
}

function hexadecimal(value: CelValue): string | undefined {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('hex');
  if (value instanceof CelBytes) return Buffer.from(value.value).toString('hex');
  return radix(value, 16);
}

/** A value for %s; undefined when a value of its type, or one inside it, has no such form. */
function printValue(value: CelValue, style: FormatStyle): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  const integer = integerOf(value);
  if (integer !== undefined) return integer.toString();
  const double = doubleOf(value);
  if (double !== undefined) return Number.isFinite(double) ? printDouble(double) : printSpecial(double);
  if (Array.isArray(value)) return printAll(value as readonly CelValue[], style);
  if (value instanceof CelBytes) return new TextDecoder().decode(value.value);
  if (value instanceof CelTimestamp) return printTimestamp(value);
  if (value instanceof CelDuration) return printDuration(value);
  if (value instanceof CelTypeValue) return value.name;
  return isMap(value) ? printMap(value, style) : undefined;
}

/** A value inside a list or map. */
function printInside(value: CelValue, style: FormatStyle): string | undefined {
  const plain = printValue(value, style);
  if (style === 'specification' || plain === undefined) return plain;
  if (typeof value === 'string') return JSON.stringify(value);
  const double = doubleOf(value);
  if (double !== undefined && integerOf(value) === undefined)
    return Number.isFinite(double) ? exactFixed(double, 6) : `"${printSpecial(double)}"`;
  if (value instanceof CelBytes) return `b${JSON.stringify(plain)}`;
  if (value instanceof CelTimestamp) return `timestamp(${JSON.stringify(plain)})`;
  return value instanceof CelDuration ? `duration(${JSON.stringify(plain)})` : plain;
}

function printAll(values: readonly CelValue[], style: FormatStyle): string | undefined {
  const printed = values.map((value) => printInside(value, style));
  return printed.every((item) => item !== undefined) ? `[${printed.join(', ')}]` : undefined;
}

function printMap(map: Parameters<typeof entriesOfMap>[0], style: FormatStyle): string | undefined {
  const entries: [string, string][] = [];
  for (const [key, value] of entriesOfMap(map)) {
    const name = printInside(key, style);
    const content = printInside(value, style);
    if (name === undefined || content === undefined) return undefined;
    entries.push([name, content]);
  }
  const sorted = entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
  const separator = style === 'version-2' ? ':' : ': ';
  return `{${sorted.map(([name, content]) => `${name}${separator}${content}`).join(', ')}}`;
}
