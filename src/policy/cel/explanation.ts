// SPDX-License-Identifier: Apache-2.0
// Why an expression has the value it has: of a program that was compiled with a trace, the sub-expressions that decided, with the values in them. What did
// not matter (the other side of `||`, elements that passed) is left out.

import type { Expression } from './ast.ts';
import { jsonFromCel } from './json-value.ts';
import type { CelProgram } from './program.ts';
import type { CelValue } from './values.ts';
import { CelError, typeNameOf } from './values.ts';

export interface ExplainedPart {
  /** Place in the expression, as offsets into its text. */
  readonly start: number;
  readonly end: number;
  readonly value: CelValue;
  /** `decides`: a comparison, call or field that is true, false or failed. `input`: a value that it was computed from. */
  readonly role: 'decides' | 'input';
}

type Trace = readonly (CelValue | undefined)[];

/** More parts than this explain nothing. */
const mostParts = 40;

/** Parts in the order in which they stand in the text; `trace` is what evaluating the program gave. */
export function explainResult(program: CelProgram, trace: Trace): readonly ExplainedPart[] {
  const parts: ExplainedPart[] = [];
  collectDeciding(program.expression.root, trace, parts);
  const places = new Set<string>();
  return parts
    .filter(({ start, end, role }) => {
      const place = `${start} ${end} ${role}`;
      const isNew = !places.has(place);
      places.add(place);
      return isNew;
    })
    .slice(0, mostParts);
}

function collectDeciding(expression: Expression, trace: Trace, parts: ExplainedPart[]): void {
  const value = trace[expression.id];
  if (value === undefined || parts.length >= mostParts) return;
  switch (expression.kind) {
    case 'logic': {
      const decisive = expression.operator === '||';
      const asIs = expression.operands.filter((operand) => trace[operand.id] === decisive);
      const failed = expression.operands.filter((operand) => trace[operand.id] instanceof CelError);
      const deciding = value === decisive ? asIs : value instanceof CelError ? failed : expression.operands;
      for (const operand of deciding) collectDeciding(operand, trace, parts);
      return;
    }
    case 'conditional': {
      collectDeciding(expression.condition, trace, parts);
      const branch = trace[expression.condition.id] === true ? expression.consequent : expression.otherwise;
      collectDeciding(branch, trace, parts);
      return;
    }
    case 'quantifier':
      collectQuantifier(expression, trace, parts);
      return;
    case 'binding':
      collectDeciding(expression.body, trace, parts);
      return;
    case 'call':
      if (expression.name === '!_' && expression.arguments[0] !== undefined) {
        collectDeciding(expression.arguments[0], trace, parts);
        return;
      }
      break;
    default:
  }
  if (expression.kind === 'literal') return;
  parts.push({ start: expression.start, end: expression.end, value, role: 'decides' });
  for (const operand of operandsOf(expression)) collectInputs(operand, trace, parts);
}

/** The trace holds what the last element gave: for `all` that is false and `exists` that is true, the one that decided. */
function collectQuantifier(
  expression: Extract<Expression, { kind: 'quantifier' }>,
  trace: Trace,
  parts: ExplainedPart[],
): void {
  const value = trace[expression.id];
  const isDecidedByOne =
    value instanceof CelError ||
    (expression.form === 'all' && value === false) ||
    (expression.form === 'exists' && value === true);
  if (isDecidedByOne && expression.condition !== undefined) {
    collectDeciding(expression.condition, trace, parts);
    return;
  }
  if (value !== undefined) parts.push({ start: expression.start, end: expression.end, value, role: 'decides' });
  collectInputs(expression.range, trace, parts);
}

/** Fields, variables and calls that a value came from, the outermost of each. */
function collectInputs(expression: Expression, trace: Trace, parts: ExplainedPart[]): void {
  const value = trace[expression.id];
  if (value === undefined || expression.kind === 'literal' || expression.kind === 'list') return;
  if (expression.kind === 'call' || expression.kind === 'logic' || expression.kind === 'conditional') {
    for (const operand of operandsOf(expression)) collectInputs(operand, trace, parts);
    return;
  }
  parts.push({ start: expression.start, end: expression.end, value, role: 'input' });
}

function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return expression.target === undefined ? expression.arguments : [expression.target, ...expression.arguments];
    case 'logic':
      return expression.operands;
    case 'conditional':
      return [expression.condition, expression.consequent, expression.otherwise];
    case 'select':
      // has(a.b): what a holds says why.
      return expression.form === 'test' ? [expression.operand] : [];
    case 'index':
      return [expression.index];
    default:
      return [];
  }
}

/** A value on one line, at most `length` characters. */
export function printExplained(value: CelValue, length = 120): string {
  if (value instanceof CelError) return `error: ${value.message}`;
  const json = jsonFromCel(value);
  const text = json instanceof CelError ? `<${typeNameOf(value)}>` : JSON.stringify(json, printBigInt);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function printBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
