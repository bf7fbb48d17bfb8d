// SPDX-License-Identifier: Apache-2.0
// What cel-go computes before it evaluates, and what it resolves without counting (interpreter/decorators.go, attributes.go): so that the same expressions
// reach a cost limit here and in the API server.

import type { Expression } from './ast.ts';
import { isConstant } from './ast.ts';
import type { Evaluate } from './frame.ts';
import { Frame } from './frame.ts';
import { CelError } from './values.ts';

/** A list or map of literals is made once and costs nothing, as cel-go folds it. */
export function folded(expression: Expression, evaluate: Evaluate): Evaluate {
  if (!isConstant(expression)) return evaluate;
  const value = evaluate(new Frame([], Number.POSITIVE_INFINITY));
  return value instanceof CelError ? evaluate : () => value;
}

/** cel-go resolves variables and fields that are a branch of `?:` or an index without counting them. */
export function withoutCost(expression: Expression, evaluate: Evaluate): Evaluate {
  if (!isPath(expression)) return evaluate;
  return (frame) => {
    const before = frame.cost;
    const value = evaluate(frame);
    frame.cost = before;
    return value;
  };
}

/** What is neither variable nor part of one counts once more when something is read of it. */
export function rootCost({ kind }: Expression): 0 | 1 {
  return kind === 'identifier' || kind === 'select' || kind === 'index' ? 0 : 1;
}

function isPath(expression: Expression): boolean {
  if (expression.kind === 'identifier') return true;
  return expression.kind === 'select' && expression.form === 'plain' && isPath(expression.operand);
}
