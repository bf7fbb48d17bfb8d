// SPDX-License-Identifier: Apache-2.0
// What a JMESPath function is: a name, the types of its arguments, and what it does. The lists of functions say which dialect has which.
import type { Budget } from './budget.ts';
import { JmespathFault } from './fault.ts';
import { isObject, typeOf } from './values.ts';

export type ArgumentType =
  | 'any'
  | 'number'
  | 'string'
  | 'array'
  | 'object'
  | 'array[string]'
  | 'array[number]'
  | 'expression';

/** What functions may ask of the world; the caller decides. */
export interface JmespathSurroundings {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** A whole number from 0 to `below` - 1. */
  random(below: number): number;
  /** IP addresses of a host; undefined when it cannot be told. Without, no name is resolved. */
  readonly addressesOf?: (host: string) => readonly string[] | undefined;
}

export interface CallContext {
  readonly surroundings: JmespathSurroundings;
  readonly budget: Budget;
  readonly dialect: 'standard' | 'kyverno';
}

export interface JmespathFunction {
  readonly name: string;
  readonly parameters: readonly (readonly ArgumentType[])[];
  /** The last parameter may be given any number of times more. */
  readonly repeats?: 'last';
  run(args: readonly unknown[], context: CallContext): unknown;
}

/** The fault of a call whose number of arguments is wrong. Functions without parameters take any, as in go-jmespath. */
export function arityFault(called: JmespathFunction, count: number): JmespathFault | undefined {
  const { length } = called.parameters;
  if (length === 0 || count === length || (called.repeats === 'last' && count > length)) return undefined;
  return new JmespathFault('invalid-arity', `incorrect number of args: ${called.name} takes ${length}, not ${count}`);
}

/** The fault of the first argument that is of no accepted type. */
export function argumentFault(called: JmespathFunction, args: readonly unknown[]): JmespathFault | undefined {
  const { parameters } = called;
  if (parameters.length === 0) return undefined;
  for (const [index, value] of args.entries()) {
    const types = parameters[Math.min(index, parameters.length - 1)] ?? [];
    if (types.some((type) => isOfType(value, type))) continue;
    const wanted = types.map((type) => JSON.stringify(type === 'expression' ? 'expref' : type)).join(', ');
    return new JmespathFault(
      'invalid-type',
      `Invalid type for: ${printGo(value)}, expected: []jmespath.JpType{${wanted}}`,
    );
  }
  return undefined;
}

function isOfType(value: unknown, type: ArgumentType): boolean {
  if (type === 'any') return true;
  if (type === 'array[string]') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (type === 'array[number]') return Array.isArray(value) && value.every((item) => typeof item === 'number');
  return typeOf(value) === type;
}

const longestShown = 200;

/** A value as Go's `%v` prints it, cut short: messages of the peer quote it so. */
function printGo(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return '<nil>';
  if (depth > 3) return '...';
  let text = typeof value === 'string' ? value : '';
  if (Array.isArray(value))
    text = `[${firstOf(value)
      .map((item) => printGo(item, depth + 1))
      .join(' ')}]`;
  else if (isObject(value)) {
    const keys = firstOf(Object.keys(value)).toSorted();
    text = `map[${keys.map((key) => `${key}:${printGo(value[key], depth + 1)}`).join(' ')}]`;
  } else if (typeof value === 'number' || typeof value === 'boolean') text = String(value);
  else if (typeof value === 'object') text = '{expression}';
  return text.length > longestShown ? `${text.slice(0, longestShown)}...` : text;
}

function firstOf<T>(items: readonly T[]): readonly T[] {
  return items.slice(0, 10);
}
