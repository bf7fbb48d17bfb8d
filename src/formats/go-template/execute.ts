// SPDX-License-Identifier: Apache-2.0
// Runs a template over plain data, as Go's text/template does for maps: absent members are nothing and print `<no value>`. Functions are handed in.

import type { JsonObject } from '../document.ts';
import type { Branch, TemplateNode } from './parse.ts';
import { parseGoTemplate } from './parse.ts';
import type { Command, Operand, Pipeline } from './pipeline.ts';

/** Throws an Error with a message for arguments it cannot work with. */
export type TemplateFunction = (...values: readonly unknown[]) => unknown;

export type Executed =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly message: string };

class ExecutionFault extends Error {}

const mostSteps = 500_000;
const longestOutput = 5_000_000;

/** Parses and runs a template. Never throws. */
export function executeGoTemplate(
  template: string,
  data: unknown,
  functions: Readonly<Record<string, TemplateFunction>> = {},
): Executed {
  const parsed = parseGoTemplate(template);
  if (parsed.kind === 'fault') return parsed;
  try {
    const execution = new Execution({ ...builtIn, ...functions });
    execution.run(parsed.nodes, { dot: data, variables: new Map([['$', { value: data }]]) });
    return { kind: 'text', text: execution.output() };
  } catch (error) {
    return { kind: 'fault', message: error instanceof Error ? error.message : 'the template failed' };
  }
}

interface Scope {
  readonly dot: unknown;
  /** Boxes, so that an assignment is seen outside of a block. */
  readonly variables: Map<string, { value: unknown }>;
}

class Execution {
  readonly #functions: Readonly<Record<string, TemplateFunction>>;
  readonly #parts: string[] = [];
  #length = 0;
  #steps = 0;

  constructor(functions: Readonly<Record<string, TemplateFunction>>) {
    this.#functions = functions;
  }

  output(): string {
    return this.#parts.join('');
  }

  run(nodes: readonly TemplateNode[], scope: Scope): void {
    for (const node of nodes) {
      this.#steps += 1;
      if (this.#steps > mostSteps) throw new ExecutionFault('the template takes too many steps');
      if (node.kind === 'text') this.#write(node.text);
      else if (node.kind === 'print') {
        const value = this.#pipeline(node.pipeline, scope);
        if (node.pipeline.variables.length === 0) this.#write(printed(value));
      } else if (node.kind === 'range') this.#range(node, scope);
      else if (node.kind === 'template' || node.kind === 'break' || node.kind === 'continue')
        throw new ExecutionFault(`{{${node.kind}}} is not supported`);
      else {
        const inner = { dot: scope.dot, variables: new Map(scope.variables) };
        const value = this.#pipeline(node.pipeline, inner);
        const isTrue = isTruthy(value);
        const dot = isTrue && node.kind === 'with' ? value : scope.dot;
        this.run(isTrue ? node.body : node.otherwise, { dot, variables: new Map(inner.variables) });
      }
    }
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > longestOutput) throw new ExecutionFault('the template writes too much');
    this.#parts.push(text);
  }

  #range(node: Branch, scope: Scope): void {
    const { variables } = node.pipeline;
    const value = this.#pipeline({ ...node.pipeline, variables: [] }, scope);
    const entries = entriesOf(value);
    if (entries.length === 0) this.run(node.otherwise, { dot: scope.dot, variables: new Map(scope.variables) });
    for (const [key, item] of entries) {
      const inner = new Map(scope.variables);
      const [first, second] = variables;
      if (first !== undefined) inner.set(first, { value: second === undefined ? item : key });
      if (second !== undefined) inner.set(second, { value: item });
      this.run(node.body, { dot: item, variables: inner });
    }
  }

  #pipeline({ variables, isAssignment, commands }: Pipeline, scope: Scope): unknown {
    let value: unknown;
    for (const [index, command] of commands.entries())
      value = this.#command(command, scope, index === 0 ? [] : [value]);
    for (const name of variables) {
      const box = scope.variables.get(name);
      if (isAssignment && box === undefined) throw new ExecutionFault(`the variable ${name} is not declared`);
      if (isAssignment && box !== undefined) box.value = value;
      else scope.variables.set(name, { value });
    }
    return value;
  }

  #command([head, ...rest]: Command, scope: Scope, piped: readonly unknown[]): unknown {
    if (head === undefined) return undefined;
    if (head.kind !== 'function') {
      if (rest.length > 0 || piped.length > 0) throw new ExecutionFault('only functions take arguments');
      return this.#operand(head, scope);
    }
    const call = Object.hasOwn(this.#functions, head.name) ? this.#functions[head.name] : undefined;
    if (call === undefined) throw new ExecutionFault(`function "${head.name}" not defined`);
    return call(...rest.map((operand) => this.#operand(operand, scope)), ...piped);
  }

  #operand(operand: Operand, scope: Scope): unknown {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'dot':
        return membersOf(scope.dot, operand.fields);
      case 'variable': {
        const box = scope.variables.get(operand.name);
        if (box === undefined) throw new ExecutionFault(`undefined variable "${operand.name}"`);
        return membersOf(box.value, operand.fields);
      }
      case 'group':
        return membersOf(this.#pipeline(operand.pipeline, scope), operand.fields);
      default:
        return this.#command([operand], scope, []);
    }
  }
}

function membersOf(value: unknown, fields: readonly string[]): unknown {
  let found = value;
  for (const field of fields) {
    if (found === undefined || found === null) return undefined;
    if (typeof found !== 'object' || Array.isArray(found)) throw new ExecutionFault(`can't evaluate field ${field}`);
    found = Object.hasOwn(found, field) ? (found as JsonObject)[field] : undefined;
  }
  return found;
}

function entriesOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [index, item] as const);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

/** Not empty: not false, 0, nothing, or a text, list or map without content. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== '';
}

function printed(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${entriesOf(value)
      .map(([key, item]) => `${key}:${printed(item)}`)
      .join(' ')}]`;
  return JSON.stringify(value);
}

function isEqual(left: unknown, right: unknown): boolean {
  const isSimple = (value: unknown): boolean => value === null || typeof value !== 'object';
  if (!isSimple(left) || !isSimple(right)) throw new ExecutionFault('incomparable types for comparison');
  const isNothing = (value: unknown): boolean => value === undefined || value === null;
  if (isNothing(left) || isNothing(right)) return isNothing(left) && isNothing(right);
  if (typeof left !== typeof right) throw new ExecutionFault('incompatible types for comparison');
  return left === right;
}

function compared(left: unknown, right: unknown): number {
  const isOrdered =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!isOrdered) throw new ExecutionFault('incompatible types for comparison');
  return left < right ? -1 : left > right ? 1 : 0;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (value === null || typeof value !== 'object') throw new ExecutionFault('len of something without length');
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function indexed(value: unknown, ...keys: readonly unknown[]): unknown {
  let found = value;
  for (const key of keys) {
    if (found === undefined || found === null) throw new ExecutionFault('index of untyped nil');
    if (Array.isArray(found)) {
      if (typeof key !== 'number' || key < 0 || key >= found.length) throw new ExecutionFault('index out of range');
      found = found[key] as unknown;
    } else if (typeof found === 'object') {
      found = Object.hasOwn(found, String(key)) ? (found as JsonObject)[String(key)] : undefined;
    } else throw new ExecutionFault("can't index item");
  }
  return found;
}

/** %s %v %d %q %t and %%; others are printed as %v. */
function formatted(format: unknown, ...values: readonly unknown[]): string {
  let next = 0;
  return String(format).replace(/%[-+#0-9.]{0,10}([a-zA-Z%])/g, (_all, verb: string) => {
    if (verb === '%') return '%';
    const value = values[next];
    next += 1;
    return verb === 'q' ? JSON.stringify(printed(value)) : printed(value);
  });
}

function joined(values: readonly unknown[]): string {
  return values
    .map((value, index) => {
      const isApart = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
      return `${isApart ? ' ' : ''}${printed(value)}`;
    })
    .join('');
}

const builtIn: Readonly<Record<string, TemplateFunction>> = {
  and: (...values) => (values.every(isTruthy) ? values.at(-1) : values.find((value) => !isTruthy(value))),
  or: (...values) => values.find(isTruthy) ?? values.at(-1),
  not: (value) => !isTruthy(value),
  eq: (left, ...others) => others.some((other) => isEqual(left, other)),
  ne: (left, right) => !isEqual(left, right),
  lt: (left, right) => compared(left, right) < 0,
  le: (left, right) => compared(left, right) <= 0,
  gt: (left, right) => compared(left, right) > 0,
  ge: (left, right) => compared(left, right) >= 0,
  len: lengthOf,
  index: indexed,
  print: (...values) => joined(values),
  println: (...values) => `${values.map(printed).join(' ')}\n`,
  printf: (format, ...values) => formatted(format, ...values),
};
