// SPDX-License-Identifier: Apache-2.0
// Expressions in templates of Helm charts, as far as they can be known without running Helm: values, literals, and the functions that most charts
// use. Everything else is `unknown`, which is not the same as empty.

import type { JsonObject } from '../document.ts';
import { asObject } from '../document.ts';

export const unknown = Symbol('unknown');

/** YAML that is put into the template as a block. */
export class YamlBlock {
  readonly value: unknown;
  readonly indent: number;

  constructor(value: unknown, indent: number) {
    this.value = value;
    this.indent = indent;
  }
}

export interface Scope {
  readonly root: JsonObject;
  readonly dot: unknown;
  readonly variables: ReadonlyMap<string, unknown>;
  /** Text of a named template; absent or `unknown` when it is not there. */
  readonly include?: (name: string, dot: unknown) => unknown;
  /** Reads YAML that a named template wrote, so that it can be put in as a block. */
  readonly parse?: (text: string) => unknown;
}

const deepest = 40;

/** The value of a pipeline such as `.Values.image.tag | default "1" | quote`. Never throws. */
export function evaluate(expression: string, scope: Scope, depth = 0): unknown {
  if (depth > deepest) return unknown;
  let value: unknown = undefined;
  for (const [index, part] of splitPipeline(expression).entries()) {
    const words = splitWords(part);
    const piped = index === 0 ? [] : [value];
    value = call(words, piped, { scope, depth });
    if (value === unknown && index === 0 && words.length === 1 && !expression.includes('default')) return unknown;
  }
  return value;
}

interface Place {
  readonly scope: Scope;
  readonly depth: number;
}

function call(words: readonly string[], piped: readonly unknown[], place: Place): unknown {
  const [name = '', ...rest] = words;
  if (name === 'include' || name === 'template') {
    const [wanted, dot] = [...rest.map((word) => term(word, place)), ...piped];
    return typeof wanted === 'string' ? (place.scope.include?.(wanted, dot) ?? unknown) : unknown;
  }
  if (name === 'indent' || name === 'nindent') return indented(term(rest[0] ?? '0', place), piped[0], place.scope);
  const operate = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (operate === undefined) return rest.length === 0 && piped.length === 0 ? term(name, place) : unknown;
  return operate([...rest.map((word) => term(word, place)), ...piped]);
}

function term(word: string, { scope, depth }: Place): unknown {
  if (word.startsWith('(') && word.endsWith(')')) return evaluate(word.slice(1, -1), scope, depth + 1);
  if (/^"(?:[^"\\]|\\.){0,5000}"$/.test(word)) return unescaped(word);
  if (/^`[^`]{0,5000}`$/.test(word)) return word.slice(1, -1);
  if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'nil') return undefined;
  if (word === '.') return scope.dot;
  if (word === '$') return scope.root;
  if (word.startsWith('$.')) return member(scope.root, word.slice(2));
  if (word.startsWith('$')) {
    const [name = '', ...path] = word.split('.');
    return scope.variables.has(name) ? member(scope.variables.get(name), path.join('.')) : unknown;
  }
  if (word.startsWith('.')) {
    // Inside `with` and `range` the dot is another one, but charts write .Values there by mistake as well.
    return member(scope.dot, word.slice(1));
  }
  const closing = /^(\(.{1,5000}\))\.([\w.]{1,500})$/.exec(word);
  if (closing !== null) return member(term(closing[1] ?? '', { scope, depth: depth + 1 }), closing[2] ?? '');
  return Object.hasOwn(functions, word) ? functions[word]?.([]) : unknown;
}

function unescaped(word: string): string {
  try {
    return String(JSON.parse(word));
  } catch {
    return word.slice(1, -1);
  }
}

function member(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) {
    if (key === '') continue;
    if (found === unknown) return unknown;
    if (found === null || typeof found !== 'object') return undefined;
    if (!Object.hasOwn(found, key)) return (found as JsonObject)[unknownMember] === true ? unknown : undefined;
    found = (found as JsonObject)[key];
  }
  return found;
}

/** An object with this member may have others that nobody knows. */
export const unknownMember = '\u0000unknown';

export function isTrue(value: unknown): boolean {
  if (value === unknown) return true;
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  const object = asObject(value);
  return object === undefined || Object.keys(object).length > 0;
}

type Operation = (values: readonly unknown[]) => unknown;

/** `unknown` when one of the values is. */
function known(operation: Operation): Operation {
  return (values) => (values.includes(unknown) ? unknown : operation(values));
}

/** Texts that functions work on are cut off here, so that charts cannot make ever longer ones. */
const longestText = 10_000;
/** Lists and objects that templates make may hold that many values in all. */
const mostNodes = 5000;

/** How a value shows in a text: nothing is empty, objects are JSON; cut off at 10,000 characters. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof YamlBlock) return textOf(value.value);
  const whole = typeof value === 'string' ? value : (JSON.stringify(bounded(value)) ?? '');
  return whole.slice(0, longestText);
}

/** The value, or nothing when it holds too many others: templates can double what they hold with every line. */
function bounded(value: unknown): unknown {
  return nodesOf(value, mostNodes) > 0 ? value : unknown;
}

/** What is left of a budget after all values inside were counted. */
function nodesOf(value: unknown, budget: number): number {
  if (budget <= 0 || value === null || typeof value !== 'object') return budget - 1;
  let left = budget - 1;
  for (const member of Object.values(value)) {
    if (left <= 0) break;
    left = nodesOf(member, left);
  }
  return left;
}

const functions: Readonly<Record<string, Operation>> = {
  default: ([fallback, value]) => (value === unknown ? fallback : isTrue(value) ? value : fallback),
  required: ([, value]) => value,
  coalesce: (values) => values.find(isTrue),
  ternary: ([yes, no, test]) => (test === unknown ? unknown : isTrue(test) ? yes : no),
  empty: known(([value]) => !isTrue(value)),
  not: known(([value]) => !isTrue(value)),
  and: (values) => values.find((value) => !isTrue(value)) ?? values.at(-1),
  or: (values) => values.find(isTrue) ?? values.at(-1),
  eq: known(([first, ...others]) => others.some((other) => textOf(other) === textOf(first))),
  ne: known(([first, second]) => textOf(first) !== textOf(second)),
  gt: known(([first, second]) => Number(first) > Number(second)),
  lt: known(([first, second]) => Number(first) < Number(second)),
  ge: known(([first, second]) => Number(first) >= Number(second)),
  le: known(([first, second]) => Number(first) <= Number(second)),
  quote: known(([value]) => JSON.stringify(textOf(value))),
  squote: known(([value]) => `'${textOf(value).replaceAll("'", "''")}'`),
  toString: known(([value]) => textOf(value)),
  int: known(([value]) => Math.trunc(Number(textOf(value)) || 0)),
  int64: known(([value]) => Math.trunc(Number(textOf(value)) || 0)),
  upper: known(([value]) => textOf(value).toUpperCase()),
  lower: known(([value]) => textOf(value).toLowerCase()),
  trim: known(([value]) => textOf(value).trim()),
  trunc: known(([length, value]) => textOf(value).slice(0, Math.max(0, Number(length) || 0))),
  trimSuffix: known(([end, value]) =>
    textOf(value).endsWith(textOf(end)) ? textOf(value).slice(0, textOf(value).length - textOf(end).length) : value,
  ),
  trimPrefix: known(([start, value]) =>
    textOf(value).startsWith(textOf(start)) ? textOf(value).slice(textOf(start).length) : value,
  ),
  replace: known(([from, to, value]) => replaced(textOf(value), textOf(from), textOf(to))),
  contains: known(([part, value]) => textOf(value).includes(textOf(part))),
  hasPrefix: known(([start, value]) => textOf(value).startsWith(textOf(start))),
  b64enc: known(([value]) => Buffer.from(textOf(value)).toString('base64')),
  printf: known(([format, ...values]) => printf(textOf(format), values)),
  print: known((values) => values.map(textOf).join('').slice(0, longestText)),
  hasKey: known(([object, key]) => Object.hasOwn(asObject(object) ?? {}, textOf(key))),
  get: known(([object, key]) => member(object, textOf(key))),
  index: known(([value, ...keys]) =>
    keys.reduce<unknown>(
      (found, key) => (Array.isArray(found) ? found[Number(key)] : member(found, textOf(key))),
      value,
    ),
  ),
  list: (values) => bounded(values),
  dict: known((values) =>
    bounded(
      Object.fromEntries(
        values.flatMap((value, at) => (at % 2 === 0 ? [[textOf(value), values[at + 1]] as const] : [])),
      ),
    ),
  ),
  toYaml: ([value]) => (value === unknown ? unknown : new YamlBlock(value, 0)),
  toJson: known(([value]) => JSON.stringify(bounded(value) ?? null)),
  tpl: known(([value]) => (textOf(value).includes('{{') ? unknown : value)),
};

/** Text of several lines becomes a block as well, so that its lines do not move those of the template. */
function indented(width: unknown, value: unknown, { parse }: Scope): unknown {
  if (value === unknown) return unknown;
  const indent = Math.min(200, Number(width) || 0);
  if (value instanceof YamlBlock) return new YamlBlock(value.value, indent);
  return typeof value === 'string' ? blockOf(value, indent, parse) : value;
}

/** The block that a text of several lines is; the text itself when it is none. */
export function blockOf(text: string, indent: number, parse: Scope['parse']): unknown {
  if (parse === undefined || !/[:\n]/.test(text)) return text;
  const value = parse(text);
  return value !== null && typeof value === 'object' ? new YamlBlock(value, indent) : text;
}

function replaced(value: string, from: string, to: string): string {
  return from === '' ? value : value.replaceAll(from, to.slice(0, 1000)).slice(0, longestText);
}

function printf(format: string, values: readonly unknown[]): string {
  let at = 0;
  return format.slice(0, 5000).replace(/%(?:[sdvq]|%)/g, (verb) => {
    if (verb === '%%') return '%';
    const value = textOf(values[at]).slice(0, 1000);
    at += 1;
    return verb === '%q' ? JSON.stringify(value) : value;
  });
}

/** Parts between `|`, outside of quotes and parentheses. */
function splitPipeline(expression: string): readonly string[] {
  return splitOutside(expression, '|');
}

function splitWords(expression: string): readonly string[] {
  return splitOutside(expression.replace(/[\t\r\n]/g, ' '), ' ').filter((word) => word !== '');
}

function splitOutside(expression: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < expression.length; at += 1) {
    const character = expression.charAt(at);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === '`') quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === separator && depth <= 0) {
      parts.push(expression.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(expression.slice(from).trim());
  return parts;
}
