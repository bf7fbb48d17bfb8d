// SPDX-License-Identifier: Apache-2.0
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { nodesOf } from '../../../formats/github-expression/ast.ts';
import { constantOf, isTruthy } from '../github/constant.ts';
import { defineGithubCheck } from '../github-check.ts';

export const unsoundTernary = defineGithubCheck({
  id: 'unsound-ternary',
  aliases: ['zizmor/unsound-ternary'],
  title: 'A choice whose first value is never taken',
  principle: 'correctness',
  why: "In a && '' || b the result is always b: an empty value counts as false.",
  remediation: "Turn the condition round: !a && b || ''.",
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/expressions#operators'],
  kinds: ['workflow', 'action'],
  example: {
    good: "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: ${{ !github.event.forced && 'x' || '' }}\n",
    bad: "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: ${{ github.event.forced && '' || 'x' }}\n",
  },
  run(file, { expressions }) {
    return expressions.below(file.node).flatMap((expression) =>
      nodesOf(expression.node)
        .flatMap(emptyResults)
        .map((node) => {
          const message = `${expression.written(node).trim()} counts as false, so the other value is always taken`;
          return { message, severity: 'low', confidence: 'high', places: [expression.place(node)] } as const;
        }),
    );
  },
});

/** Values after && that can never be the result, because || follows. */
function emptyResults(node: ExpressionNode): readonly ExpressionNode[] {
  if (node.kind !== 'logical' || node.operator !== '||' || constantOf(node) !== undefined) return [];
  return node.operands.slice(0, -1).flatMap((operand) => {
    if (operand.kind !== 'logical' || operand.operator !== '&&' || constantOf(operand) !== undefined) return [];
    const result = operand.operands.at(-1);
    const value = result === undefined ? undefined : constantOf(result);
    return result === undefined || value === undefined || isTruthy(value) ? [] : [result];
  });
}
