// SPDX-License-Identifier: Apache-2.0

import type { Job, Step } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const automaticMergeByActor = definePipelineCheck({
  id: 'automatic-merge-by-actor',
  title: 'Changes are merged because of who acted last',
  aliases: ['poutine/confused_deputy_auto_merge'],
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  principle: 'injection',
  systems: ['github-actions'],
  why: 'github.actor is who caused the event, not who wrote the change: a bot can be made to act on the pull request of somebody else.',
  remediation:
    'Compare github.event.pull_request.user.login, or check the commits with dependabot/fetch-metadata first.',
  example: {
    path: '.github/workflows/merge.yml',
    good: "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    if: github.event.pull_request.user.login == 'dependabot[bot]'\n    steps:\n      - run: gh pr merge --auto 1\n",
    bad: "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    if: github.actor == 'dependabot[bot]'\n    steps:\n      - run: gh pr merge --auto 1\n",
  },
  run: ({ jobs }) =>
    jobs.flatMap((job) =>
      stepsBeforeCheck(job).flatMap((step) => {
        const command = mergeOf(step);
        const bot = botIn(job.condition?.text) ?? botIn(step.condition?.text);
        if (command === undefined || bot === undefined) return [];
        return [
          {
            message: `${command} runs when the actor is ${bot}`,
            locations: [step.script?.location ?? step.location] as const,
            job: job.id,
            step: step.name ?? step.id ?? String(step.index),
          },
        ];
      }),
    ),
});

const verifying =
  /^(?:dependabot\/fetch-metadata|fastify\/github-action-merge-dependabot|actions-cool\/check-user-permission)$/i;

/** Steps after one that verifies the author are all right. */
function stepsBeforeCheck(job: Job): readonly Step[] {
  const at = job.steps.findIndex(({ component }) => component !== undefined && verifying.test(component.name));
  return at === -1 ? job.steps : job.steps.slice(0, at);
}

const mergeCommand = /\bgh\s{1,5}pr\s{1,5}(?:merge|review)\b/;
const mergeActions =
  /^(?:ad-m\/github-push-action|ahmadnassri\/action-dependabot-auto-merge|ana06\/automatic-pull-request-review|endbug\/add-and-commit|hmarr\/auto-approve-action|peter-evans\/create-pull-request|peter-evans\/enable-pull-request-automerge|stefanzweifel\/git-auto-commit-action|pascalgn\/automerge-action)$/i;

function mergeOf(step: Step): string | undefined {
  const command = step.script === undefined ? null : mergeCommand.exec(step.script.text.slice(0, 100_000));
  if (command !== null) return command[0].replace(/\s+/g, ' ');
  return step.component !== undefined && mergeActions.test(step.component.name) ? step.component.name : undefined;
}

function botIn(condition: string | undefined): string | undefined {
  if (condition === undefined) return undefined;
  const text = condition.slice(0, 5000);
  const compared =
    /github\.(?:actor|triggering_actor)\s{0,10}==\s{0,10}'((?:dependabot|dependabot-preview|renovate|github-actions)\[bot\])'/.exec(
      text,
    ) ??
    /'((?:dependabot|dependabot-preview|renovate|github-actions)\[bot\])'\s{0,10}==\s{0,10}github\.(?:actor|triggering_actor)/.exec(
      text,
    );
  if (compared !== null) return compared[1];
  const listed =
    /contains\(\s{0,10}fromJSON\([^)]{0,300}?((?:dependabot|dependabot-preview|renovate|github-actions)\[bot\])[^)]{0,300}\)\s{0,10},\s{0,10}github\.(?:actor|triggering_actor)/i.exec(
      text,
    );
  return listed?.[1];
}
