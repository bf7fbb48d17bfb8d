// SPDX-License-Identifier: Apache-2.0
// A tree becomes a closure, once; evaluating is calling it. A closure returns a JSON value or a fault and never throws.
// The Kyverno dialect (kyverno/go-jmespath) differs in one point: a key that a map lacks is a fault, which most constructs turn into null.
import type { Node } from './ast.ts';
import type { Budget } from './budget.ts';
import { JmespathFault } from './fault.ts';
import type { JmespathFunction, JmespathSurroundings } from './function.ts';
import { argumentFault, arityFault } from './function.ts';
import { ExpressionReference, isEqual, isObject, isTrue } from './values.ts';

/** The value asked, and what the evaluation may still spend. */
export type Evaluate = (value: unknown, budget: Budget) => unknown;

export interface CompileOptions {
  readonly dialect: 'standard' | 'kyverno';
  readonly functions: ReadonlyMap<string, JmespathFunction>;
  readonly surroundings: JmespathSurroundings;
}

const spent = new JmespathFault('limit', 'the evaluation produces more than its limit allows');

/** The closure of a tree, or the fault of one that can never be evaluated (unknown function, wrong number of arguments). */
export function compileNode(node: Node, options: CompileOptions): Evaluate | JmespathFault {
  const faults: JmespathFault[] = [];
  const evaluate = new Compiler(options, faults).compile(node);
  return faults[0] ?? evaluate;
}

/** Null instead of a missing key, which is what operands, arguments, elements and stages see. */
function missingAsNull(value: unknown): unknown {
  return value instanceof JmespathFault && value.code === 'unknown-key' ? null : value;
}

class Compiler {
  readonly #options: CompileOptions;
  readonly #faults: JmespathFault[];

  constructor(options: CompileOptions, faults: JmespathFault[]) {
    this.#options = options;
    this.#faults = faults;
  }

  compile(node: Node): Evaluate {
    switch (node.kind) {
      case 'current':
        return (value) => value;
      case 'literal': {
        const { value } = node;
        return () => value;
      }
      case 'field':
        return this.#fields([node]);
      case 'index': {
        const { index } = node;
        return (value) => (Array.isArray(value) ? ((value.at(index) as unknown) ?? null) : null);
      }
      case 'slice':
        return (value, budget) => (Array.isArray(value) ? slice(value, node, budget) : null);
      case 'chain':
        return this.#chain(node.left, node.right);
      case 'pipe':
        return this.#pipe(this.#tolerant(node.left), this.#tolerant(node.right));
      case 'or':
        return either(this.#tolerant(node.left), this.#tolerant(node.right), true);
      case 'and':
        return either(this.#tolerant(node.left), this.#tolerant(node.right), false);
      case 'not':
        return negate(this.#tolerant(node.of));
      case 'comparison':
        return compare(node.operator, this.#tolerant(node.left), this.#tolerant(node.right));
      case 'projection':
        return project(this.compile(node.left), this.#tolerant(node.right));
      case 'values':
        return projectValues(this.#source(node.left), this.#tolerant(node.right));
      case 'filter':
        return filter(this.#source(node.left), this.#tolerant(node.condition), this.#tolerant(node.right));
      case 'flatten':
        return flatten(this.#source(node.left));
      case 'list':
        return list(node.items.map((item) => this.#tolerant(item)));
      case 'hash':
        return hash(node.entries.map(({ key, value }) => ({ key, evaluate: this.#tolerant(value) })));
      case 'call':
        return this.#call(node);
      default: {
        const reference = new ExpressionReference(this.compile(node.of));
        return () => reference;
      }
    }
  }

  /** As compiled, with a missing key read as null in the Kyverno dialect. */
  #tolerant(node: Node): Evaluate {
    const evaluate = this.compile(node);
    if (this.#options.dialect === 'standard' || node.kind === 'literal' || node.kind === 'current') return evaluate;
    return (value, budget) => missingAsNull(evaluate(value, budget));
  }

  /** The left side of `[?`, `[]` and `.*`: go-jmespath takes any error there as null, so this does in the Kyverno dialect; limits are not swallowed. */
  #source(node: Node): Evaluate {
    const evaluate = this.compile(node);
    if (this.#options.dialect === 'standard') return evaluate;
    return (value, budget) => {
      const result = evaluate(value, budget);
      return result instanceof JmespathFault && result.code !== 'limit' ? null : result;
    };
  }

  #chain(left: Node, right: Node): Evaluate {
    const names: Extract<Node, { kind: 'field' }>[] = [];
    let from: Node = { kind: 'chain', left, right, offset: 0 };
    while (from.kind === 'chain' && from.right.kind === 'field') {
      names.unshift(from.right);
      from = from.left;
    }
    if (from.kind === 'field') return this.#fields([from, ...names]);
    if (names.length > 0) return then(this.compile(from), this.#fields(names));
    return then(this.compile(left), this.compile(right));
  }

  /** A path of field names is one loop, because most of a policy's expressions are nothing else. */
  #fields(nodes: readonly Extract<Node, { kind: 'field' }>[]): Evaluate {
    const names = nodes.map(({ name }) => name);
    const [first = ''] = names;
    const absent = nodes.map(({ name, offset }) =>
      this.#options.dialect === 'kyverno'
        ? new JmespathFault('unknown-key', `Unknown key "${name}" in path`, offset)
        : null,
    );
    const [missing = null] = absent;
    if (names.some((name) => name in Object.prototype)) return ownPath(names, absent);
    if (names.length === 1)
      return (value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
        const member = (value as Readonly<Record<string, unknown>>)[first];
        return member === undefined ? missing : member;
      };
    return (value) => {
      let at = value;
      for (let index = 0; index < names.length; index += 1) {
        if (typeof at !== 'object' || at === null || Array.isArray(at)) return null;
        at = (at as Readonly<Record<string, unknown>>)[names[index] as string];
        if (at === undefined) return absent[index];
      }
      return at;
    };
  }

  #pipe(left: Evaluate, right: Evaluate): Evaluate {
    return then(left, right);
  }

  #call(node: Extract<Node, { kind: 'call' }>): Evaluate {
    const { name, offset } = node;
    const called = this.#options.functions.get(name);
    const args = node.args.map((argument) => this.#tolerant(argument));
    if (called === undefined) {
      this.#faults.push(new JmespathFault('unknown-function', `unknown function: ${name}`, offset));
      return () => null;
    }
    const fault = arityFault(called, args.length);
    if (fault !== undefined) this.#faults.push(fault.at(offset));
    const { dialect, surroundings } = this.#options;
    return (value, budget) => {
      const given: unknown[] = [];
      for (const argument of args) {
        const result = argument(value, budget);
        if (result instanceof JmespathFault) return result;
        given.push(result);
      }
      const wrong = argumentFault(called, given);
      if (wrong !== undefined) return wrong.at(offset);
      const result = called.run(given, { dialect, surroundings, budget });
      budget.spend(Array.isArray(result) || typeof result === 'string' ? result.length : 1);
      if (budget.isSpent) return spent.at(offset);
      return result instanceof JmespathFault ? result.at(offset) : result;
    };
  }
}

function ownPath(names: readonly string[], absent: readonly (JmespathFault | null)[]): Evaluate {
  return (value) => {
    let at = value;
    for (const [index, name] of names.entries()) {
      if (!isObject(at)) return null;
      if (!Object.hasOwn(at, name)) return absent[index];
      at = at[name];
    }
    return at;
  };
}

function then(left: Evaluate, right: Evaluate): Evaluate {
  return (value, budget) => {
    const result = left(value, budget);
    return result instanceof JmespathFault ? result : right(result, budget);
  };
}

/** `||` when `stops` is true, `&&` when it is false: the left value stands if its truth is `stops`. */
function either(left: Evaluate, right: Evaluate, stops: boolean): Evaluate {
  return (value, budget) => {
    const result = left(value, budget);
    return result instanceof JmespathFault || isTrue(result) === stops ? result : right(value, budget);
  };
}

function negate(of: Evaluate): Evaluate {
  return (value, budget) => {
    const result = of(value, budget);
    return result instanceof JmespathFault ? result : !isTrue(result);
  };
}

function compare(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  return (value, budget) => {
    const a = left(value, budget);
    if (a instanceof JmespathFault) return a;
    const b = right(value, budget);
    if (b instanceof JmespathFault) return b;
    if (operator === '==' || operator === '!=') {
      const equal = isEqual(a, b, budget);
      return budget.isSpent ? spent : equal === (operator === '==');
    }
    if (typeof a !== 'number' || typeof b !== 'number') return null;
    if (operator === '<') return a < b;
    if (operator === '<=') return a <= b;
    return operator === '>' ? a > b : a >= b;
  };
}

function each(items: readonly unknown[], body: Evaluate, budget: Budget): unknown {
  budget.spend(items.length);
  if (budget.isSpent) return spent;
  const results: unknown[] = [];
  for (const item of items) {
    const result = body(item, budget);
    if (result instanceof JmespathFault) return result;
    if (result !== null && result !== undefined) results.push(result);
  }
  return results;
}

function project(left: Evaluate, body: Evaluate): Evaluate {
  return (value, budget) => {
    const items = left(value, budget);
    if (Array.isArray(items)) return each(items, body, budget);
    return items instanceof JmespathFault ? items : null;
  };
}

function projectValues(left: Evaluate, body: Evaluate): Evaluate {
  return (value, budget) => {
    const object = left(value, budget);
    if (object instanceof JmespathFault) return object;
    return isObject(object) ? each(Object.values(object), body, budget) : null;
  };
}

function filter(left: Evaluate, condition: Evaluate, body: Evaluate): Evaluate {
  return (value, budget) => {
    const items = left(value, budget);
    if (!Array.isArray(items)) return items instanceof JmespathFault ? items : null;
    budget.spend(items.length);
    if (budget.isSpent) return spent;
    const results: unknown[] = [];
    for (const item of items as readonly unknown[]) {
      const verdict = condition(item, budget);
      if (verdict instanceof JmespathFault) return verdict;
      if (!isTrue(verdict)) continue;
      const result = body(item, budget);
      if (result instanceof JmespathFault) return result;
      if (result !== null && result !== undefined) results.push(result);
    }
    return results;
  };
}

function flatten(left: Evaluate): Evaluate {
  return (value, budget) => {
    const items = left(value, budget);
    if (!Array.isArray(items)) return items instanceof JmespathFault ? items : null;
    const results: unknown[] = [];
    for (const item of items as readonly unknown[]) {
      budget.spend(Array.isArray(item) ? item.length : 1);
      if (budget.isSpent) return spent;
      if (Array.isArray(item)) for (const inner of item as readonly unknown[]) results.push(inner);
      else results.push(item);
    }
    return results;
  };
}

function list(items: readonly Evaluate[]): Evaluate {
  return (value, budget) => {
    if (value === null || value === undefined) return null;
    budget.spend(items.length);
    const results: unknown[] = [];
    for (const item of items) {
      const result = item(value, budget);
      if (result instanceof JmespathFault) return result;
      results.push(result ?? null);
    }
    return budget.isSpent ? spent : results;
  };
}

function hash(entries: readonly { readonly key: string; readonly evaluate: Evaluate }[]): Evaluate {
  return (value, budget) => {
    if (value === null || value === undefined) return null;
    budget.spend(entries.length);
    const results: [string, unknown][] = [];
    for (const { key, evaluate } of entries) {
      const result = evaluate(value, budget);
      if (result instanceof JmespathFault) return result;
      results.push([key, result ?? null]);
    }
    return budget.isSpent ? spent : Object.fromEntries(results);
  };
}

/** Python's slices: negative positions count from the end, and what lies outside is cut off. */
function slice(items: readonly unknown[], range: Extract<Node, { kind: 'slice' }>, budget: Budget): unknown {
  const { step } = range;
  const { length } = items;
  const lowest = step < 0 ? -1 : 0;
  const highest = step < 0 ? length - 1 : length;
  const place = (position: number): number =>
    Math.min(Math.max(position < 0 ? position + length : position, lowest), highest);
  const start = range.start === undefined ? (step < 0 ? highest : lowest) : place(range.start);
  const stop = range.stop === undefined ? (step < 0 ? lowest : highest) : place(range.stop);
  const results: unknown[] = [];
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) results.push(items[at]);
  budget.spend(results.length);
  return budget.isSpent ? spent : results;
}
