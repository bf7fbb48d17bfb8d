// SPDX-License-Identifier: Apache-2.0

import { pipelineSystems } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { deploys, publishes, tests } from '../release-steps.ts';

export const testsInReleaseJob = definePipelineCheck({
  id: 'tests-in-release-job',
  title: 'Tests run in the job that releases',
  aliases: [],
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  principle: 'provenance-integrity',
  systems: pipelineSystems,
  why: 'Tests bring many dependencies; one of them can change what is released, or take the credential it is released with.',
  remediation: 'Test in a job of its own, and release in one that only takes the result.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'test:\n  script: [npm test]\nrelease:\n  needs: [test]\n  script: [npm publish --provenance]\n',
    bad: 'release:\n  script:\n    - npm test\n    - npm publish --provenance\n',
  },
  run: ({ jobs, kind }) =>
    kind === 'component'
      ? []
      : jobs.flatMap((job) => {
          const release = job.steps.find((step) => publishes(step) || deploys(step));
          const test = job.steps.find(tests);
          if (job.template || release === undefined || test === undefined) return [];
          return [
            {
              message: `job ${job.id} tests and releases`,
              locations: [test.script?.location ?? test.location, release.location] as const,
              job: job.id,
            },
          ];
        }),
});
