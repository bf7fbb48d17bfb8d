// SPDX-License-Identifier: Apache-2.0
// Values in templates of Helm, as Go sees them. Numbers of files are floats (number), integers that templates make are integers (bigint): Go prints and compares
// them differently. null and undefined are nil.
import type { JsonObject } from '../document.ts';

/** Nobody can know it without a cluster, a clock or chance: not the same as nothing. */
export const unknown = Symbol('unknown');

/** Stands for what is not known; a valid name, so that the rest of the object can be read. */
export const placeholder = 'unresolved';

/** Why Helm would not render a template; its message is Helm's or says the same. */
export class HelmRefusal extends Error {}

/** Objects that a template gets from Helm and that have methods: `.Files.Get "a"`. Methods without parameters look like fields. */
export class HelmObject {
  readonly methods: Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;
  readonly fields: JsonObject;

  constructor(fields: JsonObject, methods: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {}) {
    this.fields = fields;
    this.methods = methods;
  }
}

export type Dictionary = Record<string, unknown>;

export function isDictionary(value: unknown): value is Dictionary {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof HelmObject);
}

/** Sets a member, also one with a name that JavaScript has a meaning for. */
export function put(object: Dictionary, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** Members in the order in which Go goes through a map in templates. */
export function sortedEntries(object: JsonObject): readonly (readonly [string, unknown])[] {
  return Object.entries(object).sort(([left], [right]) => compareTexts(left, right));
}

/** Go compares the bytes of UTF-8; that is the order of code points. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only ASCII can be compared as it is
  if (/^[\0-\x7F]*$/.test(left + right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** text/template, IsTrue. What is not known counts as true. */
export function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0 || value === 0n)
    return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isDictionary(value) || Object.keys(value).length > 0;
}

/** The kind of reflect: what `kindOf` says. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'invalid';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'slice' : 'map';
}

/** What `typeOf` and messages say. */
export function typeOf(value: unknown): string {
  if (value === undefined || value === null) return '<nil>';
  const kind = kindOf(value);
  return kind === 'slice' ? '[]interface {}' : kind === 'map' ? 'map[string]interface {}' : kind;
}

/** strconv.FormatFloat(value, 'g', -1, 64), by which fmt prints floats with %v: 1e+06, 0.5, 123456. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** Something that a template makes is larger than is looked at. */
export class TooLarge extends Error {}

/** Characters of one text, and values in one list or map, that templates may make. */
export const longestText = 1_000_000;
const mostNodes = 50_000;

/** The value; throws TooLarge when it holds too many others: templates can double what they hold with every line. */
export function bounded<T>(value: T): T {
  sizeOf(value);
  return value;
}

/** How many values it holds, itself included. Throws TooLarge when there are too many. */
export function sizeOf(value: unknown): number {
  const left = nodesOf(value, mostNodes);
  if (left <= 0) throw new TooLarge();
  return mostNodes - left;
}

/** What is left of a budget after all values inside were counted. */
function nodesOf(value: unknown, budget: number): number {
  if (budget <= 0 || value === null || typeof value !== 'object') return budget - 1;
  let left = budget - 1;
  for (const member of Object.values(value instanceof HelmObject ? value.fields : value)) {
    if (left <= 0) break;
    left = nodesOf(member, left);
  }
  return left;
}

/** The text; throws TooLarge when it is too long. */
export function boundedText(text: string): string {
  if (text.length > longestText) throw new TooLarge();
  return text;
}

/** fmt with %v: `[a b]`, `map[a:1]`, `<nil>`. */
export function goText(value: unknown): string {
  return boundedText(plainText(bounded(value)));
}

function plainText(value: unknown): string {
  if (value === undefined || value === null) return '<nil>';
  if (value === unknown) return placeholder;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(plainText).join(' ')}]`;
  if (value instanceof HelmObject) return plainText(value.methods['String']?.() ?? value.fields);
  const members = sortedEntries(value as JsonObject).map(([key, member]) => `${key}:${plainText(member)}`);
  return `map[${members.join(' ')}]`;
}

/** What an action prints; nil prints nothing, since Helm takes `<no value>` out. */
export function actionText(value: unknown): string {
  return value === undefined || value === null ? '' : goText(value);
}

/** reflect.DeepEqual for what templates can hold: an integer is no float. */
export function isDeepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if ((left === undefined || left === null) && (right === undefined || right === null)) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isDeepEqual(item, right[index]));
  if (!isDictionary(left) || !isDictionary(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isDeepEqual(left[key], right[key]))
  );
}

/** A copy that templates may change. */
export function deepCopy(value: unknown, depth = 0): unknown {
  if (depth > 200) throw new TooLarge();
  if (Array.isArray(value)) return value.map((item) => deepCopy(item, depth + 1));
  if (!isDictionary(value)) return value;
  const copy: Dictionary = {};
  for (const [key, member] of Object.entries(value)) put(copy, key, deepCopy(member, depth + 1));
  return copy;
}
