// SPDX-License-Identifier: Apache-2.0
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { nodesOf } from '../../../formats/github-expression/ast.ts';
import { defineGithubCheck } from '../github-check.ts';

export const overprovisionedSecrets = defineGithubCheck({
  id: 'overprovisioned-secrets',
  aliases: ['zizmor/overprovisioned-secrets'],
  title: 'More secrets handed over than are needed',
  principle: 'secrets-management',
  why: 'The runner gets every secret of the repository when the whole context, or one by a computed name, is asked for.',
  remediation: 'Name each secret that is needed: secrets.NAME.',
  urls: ['https://docs.github.com/actions/reference/security/secure-use#use-secrets-for-sensitive-information'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: ${{ secrets.A }}\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: ${{ toJSON(secrets) }}\n',
  },
  run(file, { expressions }) {
    return expressions.below(file.node).flatMap((expression) =>
      nodesOf(expression.node).flatMap((node) => {
        const what = provisionOf(node);
        return what === undefined
          ? []
          : [{ message: what, severity: 'medium', confidence: 'high', places: [expression.span] } as const];
      }),
    );
  },
});

function provisionOf(node: ExpressionNode): string | undefined {
  if (node.kind === 'call' && node.name.toLowerCase() === 'tojson' && node.arguments.some(isSecrets))
    return 'all secrets are handed to the runner';
  if (node.kind === 'index' && isSecrets(node.receiver) && node.index.kind !== 'string')
    return 'a secret is looked up by a computed name, so all are handed to the runner';
  return node.kind === 'star' && isSecrets(node.receiver) ? 'all secrets are handed to the runner' : undefined;
}

function isSecrets(node: ExpressionNode): boolean {
  return node.kind === 'variable' && node.name.toLowerCase() === 'secrets';
}
