// SPDX-License-Identifier: Apache-2.0
// The public face of JMESPath: compile an expression once, evaluate it on as many values as there are.
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import { Budget } from './budget.ts';
import { compileNode } from './compile.ts';
import { JmespathFault } from './fault.ts';
import type { JmespathFunction, JmespathSurroundings } from './function.ts';
import { parseJmespath } from './parser.ts';

export type JmespathLimits = Pick<Limits, 'expressionLength' | 'expressionDepth' | 'expressionProduct'>;

export interface JmespathOptions {
  /** `standard` is jmespath.org; `kyverno` reports missing keys as kyverno/go-jmespath does. */
  readonly dialect: 'standard' | 'kyverno';
  readonly functions: readonly JmespathFunction[];
  /** Clock and dice of the functions that need them; without, both stand still. */
  readonly surroundings?: JmespathSurroundings;
  readonly limits?: JmespathLimits;
}

export type JmespathResult = { readonly kind: 'value'; readonly value: unknown } | JmespathFault;

export interface JmespathExpression {
  readonly kind: 'expression';
  readonly text: string;
  /** Asks a JSON value. Null is the answer where nothing matches. Never throws. */
  evaluate(value: unknown): JmespathResult;
}

const still: JmespathSurroundings = { now: () => 0, random: () => 0 };

/** The compiled expression, or why it can never be evaluated. Never throws. */
export function compileJmespath(text: string, options: JmespathOptions): JmespathExpression | JmespathFault {
  const limits = options.limits ?? defaultLimits;
  const node = parseJmespath(text, { length: limits.expressionLength, depth: limits.expressionDepth });
  if (node instanceof JmespathFault) return node;
  const evaluate = compileNode(node, {
    dialect: options.dialect,
    functions: tableOf(options.functions),
    surroundings: options.surroundings ?? still,
  });
  if (evaluate instanceof JmespathFault) return evaluate;
  return {
    kind: 'expression',
    text,
    evaluate: (value) => {
      const result = evaluate(value, new Budget(limits.expressionProduct));
      return result instanceof JmespathFault ? result : { kind: 'value', value: result ?? null };
    },
  };
}

const tables = new WeakMap<readonly JmespathFunction[], ReadonlyMap<string, JmespathFunction>>();

/** The list by name; where two share one, the later counts. */
function tableOf(functions: readonly JmespathFunction[]): ReadonlyMap<string, JmespathFunction> {
  const known = tables.get(functions);
  if (known !== undefined) return known;
  const table = new Map(functions.map((entry) => [entry.name, entry]));
  tables.set(functions, table);
  return table;
}
