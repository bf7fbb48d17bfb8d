// SPDX-License-Identifier: Apache-2.0
// What evaluating an expression costs at least and at most, before anything is evaluated (cel-go checker/cost.go, in the units of run-time costs). How
// long lists and texts of variables are is not known, so whatever goes over them has no upper bound. The API server refuses by such estimates only the rules
// of CustomResourceDefinitions; for admission policies the least cost counts: what is over the limit in any case can never be evaluated.

import type { Expression, Quantifier } from './ast.ts';

export interface CostEstimate {
  readonly least: number;
  /** Infinity when it depends on the length of foreign values. */
  readonly most: number;
}

const listCost = 10;
const mapCost = 30;
const messageCost = 40;

export function estimateCost(expression: Expression): CostEstimate {
  switch (expression.kind) {
    case 'literal':
      return fixed(0);
    case 'identifier':
      return fixed(1);
    case 'select':
      return expression.form === 'test'
        ? operandOfTest(expression.operand)
        : plus(estimateCost(expression.operand), fixed(1));
    case 'index':
      return plus(sum([expression.operand, expression.index]), fixed(1));
    case 'call':
      return call(expression);
    case 'logic':
      return logic(expression.operands);
    case 'conditional':
      return plus(
        estimateCost(expression.condition),
        either(estimateCost(expression.consequent), estimateCost(expression.otherwise)),
      );
    case 'list':
      return plus(sum(expression.elements.map(({ value }) => value)), fixed(listCost));
    case 'map':
      return plus(sum(expression.entries.flatMap(({ key, value }) => [key, value])), fixed(mapCost));
    case 'message':
      return plus(sum(expression.fields.map(({ value }) => value)), fixed(messageCost));
    case 'quantifier':
      return quantifier(expression);
    default:
      // What is bound may never be read.
      return plus(estimateCost(expression.body), { least: 0, most: estimateCost(expression.value).most });
  }
}

/** The least of it. */
export function leastCost(expression: Expression): number {
  return estimateCost(expression).least;
}

function fixed(cost: number): CostEstimate {
  return { least: cost, most: cost };
}

function plus(left: CostEstimate, right: CostEstimate): CostEstimate {
  return { least: left.least + right.least, most: left.most + right.most };
}

function either(left: CostEstimate, right: CostEstimate): CostEstimate {
  return { least: Math.min(left.least, right.least), most: Math.max(left.most, right.most) };
}

function sum(expressions: readonly Expression[]): CostEstimate {
  return expressions.map(estimateCost).reduce(plus, fixed(0));
}

/** A test of a field is free in Kubernetes; only what leads to it costs. */
function operandOfTest(operand: Expression): CostEstimate {
  return estimateCost(operand);
}

/** Operators whose cost does not depend on how long their operands are. */
const constantCalls = /^(?:[!-]_|_[-*/%]_|type|dyn|has|optional\..*|or|orValue|hasValue|value)$/;

function call(expression: Extract<Expression, { kind: 'call' }>): CostEstimate {
  const operands =
    expression.target === undefined ? expression.arguments : [expression.target, ...expression.arguments];
  const own =
    constantCalls.test(expression.name) || operands.every(({ kind }) => kind === 'literal')
      ? 1
      : Number.POSITIVE_INFINITY;
  return plus(sum(operands), { least: expression.name === 'dyn' ? 0 : 1, most: own });
}

/** The first operand may decide. */
function logic(operands: readonly Expression[]): CostEstimate {
  const costs = operands.map(estimateCost);
  return {
    least: costs.reduce((least, cost) => Math.min(least, cost.least), Number.POSITIVE_INFINITY),
    most: costs.reduce((most, cost) => most + cost.most, 0),
  };
}

function quantifier({ range, condition, result }: Quantifier): CostEstimate {
  const body = sum([condition, result].filter((part) => part !== undefined));
  const size = range.kind === 'list' ? range.elements.length : range.kind === 'map' ? range.entries.length : undefined;
  const rounds =
    size === undefined ? { least: 0, most: Number.POSITIVE_INFINITY } : { least: Math.min(size, 1), most: size };
  // Each round costs its body, and about two for the result so far.
  const loop = { least: rounds.least * body.least, most: rounds.most === 0 ? 0 : rounds.most * (body.most + 2) };
  return plus(estimateCost(range), loop);
}
