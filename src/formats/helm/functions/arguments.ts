// SPDX-License-Identifier: Apache-2.0
// What functions of templates take: text/template checks the types of Go's parameters, and Sprig turns much into integers, floats and texts.
import type { Dictionary } from '../value.ts';
import { goText, HelmObject, HelmRefusal, isDictionary, TooLarge, typeOf } from '../value.ts';

/** What a function may ask of the template that calls it. */
export interface FunctionPlace {
  /** The text of a named template; `unknown` when it cannot be known. */
  include(name: string, dot: unknown): unknown;
  /** A text rendered as a template. */
  render(text: string, dot: unknown): unknown;
  /** Counts work, one when absent; throws TooLarge when there was too much. */
  step(cost?: number): void;
  /** Notes why Helm would not render this; the chart goes on being read. */
  refuse(message: string): void;
}

export type TemplateFunction = (values: readonly unknown[], place: FunctionPlace) => unknown;

export type Functions = Readonly<Record<string, TemplateFunction>>;

/** A parameter of the type string. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) throw new HelmRefusal('invalid value; expected string');
  throw new HelmRefusal(`wrong type for value; expected string; got ${typeOf(value)}`);
}

/** A parameter of the type int. */
export function int(value: unknown): number {
  if (typeof value === 'bigint') return Number(value);
  if (value === undefined || value === null) throw new HelmRefusal('invalid value; expected int');
  throw new HelmRefusal(`wrong type for value; expected int; got ${typeOf(value)}`);
}

/** A parameter of the type map[string]interface{}. */
export function dictionary(value: unknown): Dictionary {
  if (isDictionary(value)) return value;
  if (value instanceof HelmObject) return { ...value.fields };
  if (value === undefined || value === null) throw new HelmRefusal('invalid value; expected map[string]interface {}');
  throw new HelmRefusal(`wrong type for value; expected map[string]interface {}; got ${typeOf(value)}`);
}

/** Items of a list that functions go through. */
const mostItems = 20_000;

/** Any list; `does` says what could not be done with something else. */
export function list(value: unknown, does: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > mostItems) throw new TooLarge();
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new HelmRefusal(`Cannot ${does} on type ${typeOf(value)}`);
}

/** Sprig's strval. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : goText(value);
}

/** Sprig's toInt64 (spf13/cast): what is no number is 0. */
export function wholeOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return truncated(value);
  return typeof value === 'string' ? parsedWhole(value) : 0n;
}

/** What amd64 makes of floats that are too large for an integer. */
function truncated(value: number): bigint {
  const isInside = value >= -(2 ** 63) && value < 2 ** 63;
  return isInside ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

function parsedWhole(value: string): bigint {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)(?:\.0*)?$/.exec(withoutMarks(value));
  if (match === null) return 0n;
  const [, sign = '', digits = ''] = match;
  // Base 0 of Go: a leading 0 means octal.
  if (/^0\d*[89]/.test(digits)) return 0n;
  const amount = BigInt(/^0\d+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const whole = sign === '-' ? -amount : amount;
  return whole === BigInt.asIntN(64, whole) ? whole : 0n;
}

/** Digits may be parted by underscores. */
function withoutMarks(value: string): string {
  return value.replace(/(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])/g, '');
}

/** Sprig's toFloat64 (spf13/cast): what is no number is 0. */
export function floatOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  const plain = typeof value === 'string' ? withoutMarks(value) : '';
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(plain) ? Number(plain) : 0;
}

/** Sprig's strslice: texts of a list without nil; one of anything else. */
export function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => item !== undefined && item !== null).map(textOf);
}
