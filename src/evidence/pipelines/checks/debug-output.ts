// SPDX-License-Identifier: Apache-2.0

import type { PipelineSystem, Variable } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const debugOutput = definePipelineCheck({
  id: 'debug-output',
  title: 'Debug output of the runner is on',
  aliases: ['poutine/debug_enabled'],
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  principle: 'secrets-management',
  systems: ['github-actions', 'gitlab-ci', 'azure-pipelines'],
  why: 'Debug logs show environment and commands, and with them what was meant to stay masked.',
  remediation: 'Switch it on by hand for one run, not in the file.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'variables:\n  CI_DEBUG_TRACE: "false"\na:\n  script: [make]\n',
    bad: 'variables:\n  CI_DEBUG_TRACE: "true"\na:\n  script: [make]\n',
  },
  run: ({ system, variables, jobs }) => [
    ...variables.filter((variable) => isDebug(system, variable)).map((variable) => faultOf(variable)),
    ...jobs.flatMap((job) => [
      ...job.variables
        .filter((variable) => isDebug(system, variable))
        .map((variable) => ({ ...faultOf(variable), job: job.id })),
      ...job.steps.flatMap((step) =>
        step.variables
          .filter((variable) => isDebug(system, variable))
          .map((variable) => ({ ...faultOf(variable), job: job.id })),
      ),
    ]),
  ],
});

const names: Partial<Record<PipelineSystem, RegExp>> = {
  'github-actions': /^ACTIONS_(?:STEP|RUNNER)_DEBUG$/,
  'gitlab-ci': /^CI_DEBUG_(?:TRACE|SERVICES)$/,
  'azure-pipelines': /^system\.debug$/i,
};

function isDebug(system: PipelineSystem, { name, value }: Variable): boolean {
  return names[system]?.test(name) === true && value.toLowerCase() === 'true';
}

function faultOf(variable: Variable): {
  readonly message: string;
  readonly locations: readonly [Variable['location']];
} {
  return { message: `${variable.name} is ${variable.value}`, locations: [variable.location] };
}
