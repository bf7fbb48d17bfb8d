// SPDX-License-Identifier: Apache-2.0
import { callJobsOf } from '../github/steps.ts';
import { defineGithubCheck } from '../github-check.ts';

export const secretsInherit = defineGithubCheck({
  id: 'secrets-inherit',
  aliases: ['zizmor/secrets-inherit'],
  title: 'A called workflow gets all secrets',
  principle: 'least-privilege',
  why: 'The called workflow gets every secret of the caller, also those that it has no business with.',
  remediation: 'Pass each secret that is needed by name.',
  urls: [
    'https://docs.github.com/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow',
  ],
  kinds: ['workflow'],
  example: {
    good: 'on: push\njobs:\n  a:\n    uses: example/ci/.github/workflows/a.yml@v1\n    secrets:\n      TOKEN: ${{ secrets.TOKEN }}\n',
    bad: 'on: push\njobs:\n  a:\n    uses: example/ci/.github/workflows/a.yml@v1\n    secrets: inherit\n',
  },
  run(file) {
    if (file.kind !== 'workflow') return [];
    return callJobsOf(file).flatMap((job) =>
      job.secrets?.inherit === true
        ? [
            {
              message: 'all secrets are passed to the called workflow',
              severity: 'medium',
              confidence: 'high',
              places: [job.uses.entry.span, job.secrets.entry.span],
              around: [job.entry.span],
              job: job.id,
            } as const,
          ]
        : [],
    );
  },
});
