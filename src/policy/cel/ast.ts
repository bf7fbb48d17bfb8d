// SPDX-License-Identifier: Apache-2.0
// The syntax tree of an expression. Macros are expanded by the parser into the forms below, so checker, planner and explanation see quantifiers as such
// and not as folds.

import type { CelType } from './types.ts';
import type { CelValue } from './values.ts';

interface Node {
  /** Number of the node in its expression; types and traces are kept by it. */
  readonly id: number;
  /** First character and the one after the last, in the text of the expression. */
  readonly start: number;
  readonly end: number;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: CelValue;
  readonly type: CelType;
}

export interface Identifier extends Node {
  readonly kind: 'identifier';
  readonly name: string;
  /** `.name`: not looked up in the container, nor among the variables of quantifiers. */
  readonly rooted: 'root' | 'container';
}

export interface Select extends Node {
  readonly kind: 'select';
  readonly operand: Expression;
  readonly field: string;
  /** `plain`: a.b, `test`: has(a.b), `optional`: a.?b. */
  readonly form: 'plain' | 'test' | 'optional';
}

export interface Index extends Node {
  readonly kind: 'index';
  readonly operand: Expression;
  readonly index: Expression;
  readonly form: 'plain' | 'optional';
}

export interface Call extends Node {
  readonly kind: 'call';
  /** Operators bear the names of the specification: `_+_`, `!_`, `_==_`, `@in`. */
  readonly name: string;
  readonly target: Expression | undefined;
  readonly arguments: readonly Expression[];
}

/** `&&` and `||` with all their operands side by side. */
export interface Logic extends Node {
  readonly kind: 'logic';
  readonly operator: '&&' | '||';
  readonly operands: readonly Expression[];
}

export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly consequent: Expression;
  readonly otherwise: Expression;
}

export interface ListLiteral extends Node {
  readonly kind: 'list';
  readonly elements: readonly { readonly value: Expression; readonly form: 'plain' | 'optional' }[];
}

export interface MapLiteral extends Node {
  readonly kind: 'map';
  readonly entries: readonly {
    readonly key: Expression;
    readonly value: Expression;
    readonly form: 'plain' | 'optional';
  }[];
}

export interface MessageLiteral extends Node {
  readonly kind: 'message';
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly value: Expression;
    readonly form: 'plain' | 'optional';
  }[];
}

export type QuantifierForm =
  | 'all'
  | 'exists'
  | 'existsOne'
  | 'map'
  | 'filter'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry';

/** A macro over the elements of a list or the keys of a map; with `second`, over index and element, or key and value. */
export interface Quantifier extends Node {
  readonly kind: 'quantifier';
  readonly form: QuantifierForm;
  readonly range: Expression;
  readonly variable: string;
  readonly second: string | undefined;
  /** The condition of all, exists, existsOne and filter, and the optional one of map and the transforms. */
  readonly condition: Expression | undefined;
  readonly result: Expression | undefined;
}

/** cel.bind(variable, value, body), and with `form` optMap and optFlatMap, whose variable is the content of an optional. */
export interface Binding extends Node {
  readonly kind: 'binding';
  readonly form: 'bind' | 'optMap' | 'optFlatMap';
  readonly variable: string;
  readonly value: Expression;
  readonly body: Expression;
}

export type Expression =
  | Literal
  | Identifier
  | Select
  | Index
  | Call
  | Logic
  | Conditional
  | ListLiteral
  | MapLiteral
  | MessageLiteral
  | Quantifier
  | Binding;

/** `a.b.c` as a name, when the expression is nothing but identifiers and plain selections. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name;
  if (expression.kind !== 'select' || expression.form !== 'plain') return undefined;
  const operand = qualifiedName(expression.operand);
  return operand === undefined ? undefined : `${operand}.${expression.field}`;
}

/** The identifier at the root of a qualified name. */
export function rootOf(expression: Expression): Identifier | undefined {
  if (expression.kind === 'identifier') return expression;
  return expression.kind === 'select' ? rootOf(expression.operand) : undefined;
}

const conversions = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'dyn',
  'int',
  'string',
  'timestamp',
  'type',
  'uint',
]);

/** Whether an expression is a literal, a conversion of one, or a list or map of nothing else: what cel-go computes before it evaluates. */
export function isConstant(expression: Expression): boolean {
  if (expression.kind === 'literal') return true;
  if (expression.kind === 'call') {
    const [only] = expression.arguments;
    const isConversion = expression.target === undefined && expression.arguments.length === 1;
    return isConversion && conversions.has(expression.name) && only !== undefined && isConstant(only);
  }
  if (expression.kind === 'list')
    return expression.elements.every(({ value, form }) => form === 'plain' && isConstant(value));
  return (
    expression.kind === 'map' &&
    expression.entries.every(({ key, value, form }) => form === 'plain' && isConstant(key) && isConstant(value))
  );
}
