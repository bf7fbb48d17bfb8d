// SPDX-License-Identifier: Apache-2.0

import type { PipelineFault } from '../pipeline-check.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const persistentWorkspace = definePipelineCheck({
  id: 'persistent-workspace',
  title: 'A job works in files that an earlier run left',
  aliases: [],
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  principle: 'ephemeral-environments',
  systems: ['gitlab-ci', 'tekton'],
  why: 'What another run, perhaps of a proposed change, put there becomes part of this build.',
  remediation: 'Start from a fresh checkout: GIT_STRATEGY clone, or a volumeClaimTemplate for each run.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'build:\n  variables: {GIT_STRATEGY: clone}\n  script: [make]\n',
    bad: 'build:\n  variables: {GIT_STRATEGY: none}\n  script: [make]\n',
  },
  run: ({ jobs, variables }) => {
    const wide = variables.find(({ name, value }) => name === 'GIT_STRATEGY' && value === 'none');
    const faults: PipelineFault[] =
      wide === undefined
        ? []
        : [
            {
              message: 'GIT_STRATEGY none: jobs work in what earlier runs left on the runner',
              locations: [wide.location],
            },
          ];
    for (const job of jobs) {
      const strategy = job.traits.get('checkout-strategy');
      const claim = job.traits.get('persistent-workspace');
      // A job that only calls services needs no sources.
      if (
        strategy?.text === 'none' &&
        job.steps.length > 0 &&
        !job.artifacts.some(({ direction }) => direction === 'download')
      )
        faults.push({
          message: `job ${job.id} has GIT_STRATEGY none and works in what earlier runs left on the runner`,
          locations: [strategy.location],
          job: job.id,
        });
      if (claim !== undefined)
        faults.push({
          message: `task ${job.id} works in the volume ${claim.text}, which outlives the run`,
          locations: [claim.location],
          job: job.id,
        });
    }
    return faults;
  },
});
