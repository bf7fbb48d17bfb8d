// SPDX-License-Identifier: Apache-2.0
import { referencesOf } from '../../../formats/github-expression/references.ts';
import { findTrigger } from '../../../formats/github-workflow/triggers.ts';
import { readAllowedSecrets, settingOr } from '../github/settings.ts';
import { stepJobsOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const secretsOutsideEnv = defineGithubCheck({
  id: 'secrets-outside-env',
  aliases: ['zizmor/secrets-outside-env'],
  title: 'Secrets that no environment guards',
  principle: 'secrets-management',
  why: 'Secrets of a repository are within reach of every workflow; those of an environment only of jobs that its rules let in.',
  remediation: 'Keep the secret in an environment and name it in the job.',
  urls: ['https://docs.github.com/actions/concepts/workflows-and-actions/deployment-environments'],
  kinds: ['workflow'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    environment: release\n    steps:\n      - run: make\n        env:\n          A: ${{ secrets.A }}\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: ${{ secrets.A }}\n',
  },
  run(file, { expressions, settings }) {
    // Environments of called workflows are a matter of the caller.
    if (file.kind !== 'workflow' || findTrigger(file.triggers, 'workflow_call') !== undefined) return [];
    const allowed = new Set(settingOr(readAllowedSecrets(settings), []).map((name) => name.toLowerCase()));
    allowed.add('github_token');
    return stepJobsOf(file)
      .filter(({ environment }) => environment === undefined)
      .flatMap((job) =>
        expressions.below(job.node).flatMap((expression) =>
          referencesOf(expression.node)
            .filter(({ steps }) => steps[0] === 'secrets' && !allowed.has(steps[1] ?? ''))
            .map(
              ({ node }): GithubFault => ({
                message: `${expression.written(node)} is used outside of an environment`,
                severity: 'medium',
                confidence: 'high',
                persona: 'auditor',
                places: [expression.place(node)],
                around: [job.entry.span],
                job: job.id,
              }),
            ),
        ),
      );
  },
});
