// SPDX-License-Identifier: Apache-2.0

import { pipelineSystems } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { cloudOfKey } from '../secret-names.ts';

export const staticCloudKey = definePipelineCheck({
  id: 'static-cloud-key',
  title: 'A cloud is entered with a key that does not expire',
  aliases: [],
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  principle: 'secrets-management',
  systems: pipelineSystems,
  why: 'Whoever gets the key has the cloud from anywhere, until somebody notices; an identity token lasts minutes and fits one job.',
  remediation: 'Let the cloud trust the identity of the job (OIDC, workload identity), and delete the key.',
  example: {
    path: '.github/workflows/deploy.yml',
    good: 'on: push\npermissions:\n  id-token: write\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@0123456789abcdef0123456789abcdef01234567\n        with:\n          role-to-assume: ${{ vars.ROLE }}\n',
    bad: 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@0123456789abcdef0123456789abcdef01234567\n        with:\n          aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}\n',
  },
  run: ({ jobs, system }) =>
    jobs.flatMap((job) => {
      const clouds = new Set<string>();
      return job.secrets.flatMap(({ name, location }) => {
        const cloud = cloudOfKey(name.split('/').at(-1) ?? name);
        if (cloud === undefined || clouds.has(cloud)) return [];
        clouds.add(cloud);
        const how = system === 'jenkins' || system === 'tekton' ? 'workload identity' : 'an identity token';
        return [
          {
            message: `job ${job.id} enters ${cloud} with the key ${name}, where ${how} would do`,
            locations: [location] as const,
            job: job.id,
          },
        ];
      });
    }),
});
