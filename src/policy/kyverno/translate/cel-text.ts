// SPDX-License-Identifier: Apache-2.0
// CEL as text: literals, and places in an object that may be missing. What cannot be written in CEL is thrown as CannotCarryOver and caught where a rule
// is translated; it leaves this folder as a value.
import { asObject } from '../../../formats/document.ts';

/** Leaves the recursive descent; the message says what cannot be carried over. */
export class CannotCarryOver extends Error {}

/** A place in an object. An optional one is an expression of CEL's optional type. */
export interface Place {
  readonly text: string;
  readonly isOptional: boolean;
  /** Members that are taken to be there. */
  readonly certain?: readonly string[];
}

export function plain(text: string): Place {
  return { text, isOptional: false };
}

export function optional(text: string): Place {
  return { text, isOptional: true };
}

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that cannot be members; other reserved words of CEL can. */
const reserved: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in']);

export function isIdentifier(name: string): boolean {
  return identifier.test(name) && !reserved.has(name);
}

/** A member that may be missing. */
export function memberOf({ text, certain = [] }: Place, name: string): Place {
  // The templates of controllers may have no metadata.
  if (certain.includes(name))
    return plain(
      name === 'metadata' ? `dyn(has(${text}.metadata) ? dyn(${text}.metadata) : dyn({}))` : `${text}.${name}`,
    );
  return {
    text: identifier.test(name) && !reserved.has(name) ? `${text}.?${name}` : `${text}[?${quote(name)}]`,
    isOptional: true,
  };
}

/** A member whose absence is an error. */
export function certainMemberOf(place: Place, name: string): Place {
  if (place.certain?.includes(name) === true) return plain(`${place.text}.${name}`);
  const text = valueOf(place);
  return plain(isIdentifier(name) ? `${text}.${name}` : `${text}[${quote(name)}]`);
}

/** Null where it is missing. */
export function valueOf({ text, isOptional }: Place): string {
  if (!isOptional) return text;
  // Null is of a type of its own: beside a member whose type is known, the API server's checker takes it only as dyn.
  return `${text}.orValue(dyn(null))`;
}

export function listOf({ text, isOptional }: Place): string {
  return isOptional ? `${text}.orValue([])` : text;
}

/** `undefined`: it is there in any case. */
export function presenceOf({ text, isOptional }: Place): string | undefined {
  return isOptional ? `${text}.hasValue()` : undefined;
}

/** Text as a literal. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

/** Any JSON value as a literal; lists and maps of several types are made dynamic. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toString();
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    const isMixed = new Set(value.map(kindOf)).size > 1;
    return `[${value.map((item) => (isMixed ? `dyn(${literal(item)})` : literal(item))).join(', ')}]`;
  }
  const entries = Object.entries(asObject(value) ?? {});
  const isMixed = new Set(entries.map(([, item]) => kindOf(item))).size > 1;
  return `{${entries.map(([key, item]) => `${quote(key)}: ${isMixed ? `dyn(${literal(item)})` : literal(item)}`).join(', ')}}`;
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (Array.isArray(value)) return JSON.stringify(value.map(kindOf));
  return value === null
    ? 'null'
    : typeof value === 'object'
      ? JSON.stringify(Object.values(value).map(kindOf))
      : typeof value;
}

/** `a && b`; undefined parts hold anyway. */
export function allOf(parts: readonly (string | undefined)[]): string {
  const real = parts.filter((part) => part !== undefined && part !== 'true');
  if (real.includes('false')) return 'false';
  return real.length === 0 ? 'true' : real.map((part) => grouped(part ?? '', '&&')).join(' && ');
}

export function anyOf(parts: readonly string[]): string {
  if (parts.includes('true')) return 'true';
  const real = parts.filter((part) => part !== 'false');
  return real.length === 0 ? 'false' : real.map((part) => grouped(part, '||')).join(' || ');
}

export function not(part: string): string {
  if (part === 'true') return 'false';
  if (part === 'false') return 'true';
  return `!(${part})`;
}

/** With brackets where the text is a chain of another operator at its outermost level. */
function grouped(part: string, operator: '&&' | '||'): string {
  const other = operator === '&&' ? '||' : '&&';
  return hasOutside(part, other) || hasOutside(part, '?') ? `(${part})` : part;
}

function hasOutside(text: string, operator: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (isQuoted) {
      if (character === '\\') index += 1;
      else if (character === '"') isQuoted = false;
      continue;
    }
    if (character === '"') isQuoted = true;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (depth === 0 && (operator === '?' ? text.startsWith(' ? ', index) : text.startsWith(operator, index)))
      return true;
  }
  return false;
}

/** Names for the variables of macros, each once in a rule. */
export class Names {
  readonly #used = new Map<string, number>();

  next(stem: string): string {
    const count = (this.#used.get(stem) ?? 0) + 1;
    this.#used.set(stem, count);
    return count === 1 ? stem : `${stem}${count}`;
  }
}
