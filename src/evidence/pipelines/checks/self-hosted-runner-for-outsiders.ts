// SPDX-License-Identifier: Apache-2.0
import { outsiderTriggers } from '../outsider-access.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const selfHostedRunnerForOutsiders = definePipelineCheck({
  id: 'self-hosted-runner-for-outsiders',
  title: 'Pull requests run on a machine of your own',
  aliases: ['poutine/pr_runs_on_self_hosted'],
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  principle: 'ephemeral-environments',
  systems: ['github-actions', 'gitlab-ci', 'azure-pipelines', 'circleci'],
  why: 'What a pull request leaves on the machine is there when the next job runs, and the machine stands in your network.',
  remediation:
    'Run pull requests on hosted or ephemeral runners (name those with `ephemeral-runners` in the configuration).',
  example: {
    path: '.github/workflows/test.yml',
    good: 'on: pull_request\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make test\n',
    bad: 'on: pull_request\npermissions: {}\njobs:\n  a:\n    runs-on: [self-hosted, linux]\n    steps:\n      - run: make test\n',
  },
  run: (pipeline, { set, ephemeralRunners }) =>
    pipeline.jobs.flatMap((job) => {
      if (
        job.template ||
        job.runner.kind !== 'self-hosted' ||
        job.runner.labels.some((label) => ephemeralRunners.has(label))
      )
        return [];
      const trigger = outsiderTriggers(set, pipeline, job).find(({ event }) =>
        /pull|merge_request|workflow_run/.test(event),
      );
      if (trigger === undefined) return [];
      const labels = job.runner.labels.join(', ');
      return [
        {
          message: `job ${job.id} runs on ${labels === '' ? 'a runner of your own' : labels} and is started by ${trigger.event}`,
          locations: [job.runner.location, trigger.location] as const,
          job: job.id,
        },
      ];
    }),
});
