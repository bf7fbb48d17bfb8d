// SPDX-License-Identifier: Apache-2.0
import { definePipelineCheck } from '../pipeline-check.ts';

export const allSecretsInJob = definePipelineCheck({
  id: 'all-secrets-in-job',
  title: 'A job has all secrets of the repository',
  aliases: ['poutine/job_all_secrets'],
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  principle: 'secrets-management',
  systems: ['github-actions'],
  why: 'The runner keeps in memory what the workflow names; a computed name or the whole object makes that every secret.',
  remediation: 'Name each secret that the job needs.',
  example: {
    path: '.github/workflows/deploy.yml',
    good: 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      TOKEN: ${{ secrets.DEPLOY_TOKEN }}\n    steps:\n      - run: ./deploy\n',
    bad: 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      ALL: ${{ toJSON(secrets) }}\n    steps:\n      - run: ./deploy\n',
  },
  run: ({ jobs, kind }) =>
    kind === 'component'
      ? []
      : jobs.flatMap((job) => {
          const all = job.secrets.find(({ source }) => source === 'all-secrets');
          if (all === undefined) return [];
          return [
            {
              message: `job ${job.id} reads secrets by a computed name or as one object, so that it has all of them`,
              locations: [job.location, all.location] as const,
              job: job.id,
            },
          ];
        }),
});
