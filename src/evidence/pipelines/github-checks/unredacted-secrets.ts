// SPDX-License-Identifier: Apache-2.0
import { nodesOf } from '../../../formats/github-expression/ast.ts';
import { referencesOf } from '../../../formats/github-expression/references.ts';
import { defineGithubCheck } from '../github-check.ts';

export const unredactedSecrets = defineGithubCheck({
  id: 'unredacted-secrets',
  aliases: ['zizmor/unredacted-secrets'],
  title: 'Parts of a secret that logs do not mask',
  principle: 'secrets-management',
  why: 'Only the secret as a whole is masked in logs; a part of it that is taken out of its JSON is not.',
  remediation: 'Keep each value as a secret of its own.',
  urls: ['https://docs.github.com/actions/reference/security/secure-use#use-secrets-for-sensitive-information'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: ${{ secrets.A_USER }}\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: ${{ fromJSON(secrets.A).user }}\n',
  },
  run(file, { expressions }) {
    return expressions.below(file.node).flatMap((expression) =>
      nodesOf(expression.node)
        .filter((node) => node.kind === 'call' && node.name.toLowerCase() === 'fromjson')
        .filter((node) => referencesOf(node).some(({ steps }) => steps[0] === 'secrets'))
        .map(() => {
          const message = 'parts of a secret are used, which are not masked in logs';
          return { message, severity: 'medium', confidence: 'high', places: [expression.span] } as const;
        }),
    );
  },
});
