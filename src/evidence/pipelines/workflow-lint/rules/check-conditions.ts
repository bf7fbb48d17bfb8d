// SPDX-License-Identifier: Apache-2.0
// `if` that does not depend on anything: constants, and text around `${{ }}`, which makes a text of the whole, and a text is true.
import { findExpressions, wholeExpression } from '../../../../formats/github-expression/find-expressions.ts';
import { parseExpression } from '../../../../formats/github-expression/parse-expression.ts';
import { constantValue } from '../expressions/constant-value.ts';
import type { LintContext } from '../lint-context.ts';
import type { Text } from '../workflow.ts';

export function checkConditions(context: LintContext): void {
  for (const { value: job } of context.workflow.jobs.values()) {
    check(context, job.condition);
    check(context, job.snapshot?.condition);
    for (const step of job.steps) check(context, step.condition);
  }
}

function check({ report }: LintContext, condition: Text | undefined): void {
  if (condition === undefined || condition.value === '') return;
  const { value, offset } = condition;
  if (isSurrounded(value)) {
    const message = `if: condition ${JSON.stringify(value)} is always evaluated to true because extra characters are around \${{ }}`;
    report({ kind: 'if-cond', message, offset });
    return;
  }
  const site = wholeExpression(value);
  const parsed = site?.parsed ?? parseExpression(value);
  if (parsed.kind === 'fault' || constantValue(parsed.node) === undefined) return;
  const source = (site?.source ?? value).trim();
  const message = `constant expression ${JSON.stringify(source)} in condition. remove the if: section`;
  report({ kind: 'if-cond', message, offset });
}

function isSurrounded(value: string): boolean {
  const [first, ...others] = findExpressions(value);
  if (first === undefined) return false;
  // A broken expression is reported as such; what is around it cannot be told.
  return others.length > 0 || first.start > 0 || (first.parsed.kind === 'expression' && first.end < value.length);
}
