// SPDX-License-Identifier: Apache-2.0
import { wholeExpression } from '../../../formats/github-expression/find-expressions.ts';
import { stepJobsOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const hardcodedContainerCredentials = defineGithubCheck({
  id: 'hardcoded-container-credentials',
  aliases: ['zizmor/hardcoded-container-credentials'],
  title: 'The password of a registry written in the workflow',
  principle: 'secrets-management',
  why: 'Everybody who can read the workflow can read the password of the registry.',
  remediation: 'Use a secret for the password.',
  urls: ['https://docs.github.com/actions/how-tos/write-workflows/choose-where-workflows-run/run-jobs-in-a-container'],
  kinds: ['workflow'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    container:\n      image: registry.example/a\n      credentials:\n        username: user\n        password: ${{ secrets.A }}\n    steps: []\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    container:\n      image: registry.example/a\n      credentials:\n        username: user\n        password: letmein\n    steps: []\n',
  },
  run(file) {
    if (file.kind !== 'workflow') return [];
    return stepJobsOf(file).flatMap((job) =>
      [...(job.container === undefined ? [] : [job.container]), ...job.services].flatMap((container): GithubFault[] => {
        const password = container.credentials?.password;
        const entry = container.credentials?.entry;
        if (password === undefined || entry === undefined || wholeExpression(password.text) !== undefined) return [];
        const message = `the password of the registry of ${container.name} is written in the workflow`;
        return [{ message, severity: 'high', confidence: 'high', places: [entry.span], job: job.id }];
      }),
    );
  },
});
