// SPDX-License-Identifier: Apache-2.0
import {
  excludesForks,
  stepsAfterProposedCheckout,
  triggerWords,
  trustedOutsiderTriggers,
} from '../outsider-access.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { untrustedInputs } from '../untrusted-input.ts';

export const secretsInOutsiderRun = definePipelineCheck({
  id: 'secrets-in-outsider-run',
  title: 'A run that outsiders steer has secrets',
  aliases: [],
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  principle: 'secrets-management',
  systems: ['github-actions', 'tekton', 'jenkins'],
  why: 'Somebody without any rights in the repository makes the run happen and what it runs is theirs, so they can read the secret.',
  remediation:
    'Move what needs the secret into a run that takes only data from the first, or behind an environment with approval.',
  example: {
    path: '.github/workflows/preview.yml',
    good: 'on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./label\n        env:\n          TOKEN: ${{ secrets.LABEL_TOKEN }}\n',
    bad: 'on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n      - run: npm ci\n        env:\n          TOKEN: ${{ secrets.DEPLOY_TOKEN }}\n',
  },
  run: (pipeline, { set }) =>
    pipeline.jobs.flatMap((job) => {
      const [trigger] = trustedOutsiderTriggers(set, pipeline, job);
      if (trigger === undefined || excludesForks(job.condition?.text)) return [];
      const secrets = job.secrets.filter(({ source }) => source !== 'token');
      const [first] = secrets;
      const isSteered =
        trigger.code === 'proposed' ||
        stepsAfterProposedCheckout(job).length > 0 ||
        job.steps.some(({ script }) => script !== undefined && untrustedInputs(pipeline.system, script).length > 0);
      if (first === undefined || !isSteered) return [];
      const names = secrets.slice(0, 4).map(({ name }) => (name === '*' ? 'all secrets' : name));
      const guard = job.environment === undefined ? {} : { confidence: 'low' as const };
      return [
        {
          message: `job ${job.id} has ${names.join(', ')}${secrets.length > 4 ? ` and ${secrets.length - 4} more` : ''} in a run that outsiders start and steer (${triggerWords(trigger)})`,
          locations: [first.location, trigger.location] as const,
          job: job.id,
          ...guard,
        },
      ];
    }),
});
