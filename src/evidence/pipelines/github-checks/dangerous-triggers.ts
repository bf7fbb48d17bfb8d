// SPDX-License-Identifier: Apache-2.0

import { findTrigger } from '../../../formats/github-workflow/triggers.ts';
import { actionSlug } from '../../../formats/github-workflow/uses.ts';
import type { Workflow } from '../../../formats/github-workflow/workflow.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const dangerousTriggers = defineGithubCheck({
  id: 'dangerous-triggers',
  aliases: ['zizmor/dangerous-triggers'],
  title: 'Outsiders start a run with the rights of the repository',
  principle: 'injection',
  why: 'The workflow runs with the rights of the repository while somebody outside decides what it works on.',
  remediation:
    'Use pull_request; where rights are needed, let a second workflow do only what needs them with data and never with code.',
  urls: ['https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/'],
  kinds: ['workflow'],
  example: {
    good: 'on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n',
    bad: 'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n',
  },
  run(file) {
    if (file.kind !== 'workflow' || file.triggers === undefined) return [];
    const { triggers } = file;
    return ['pull_request_target', 'workflow_run'].flatMap((event): GithubFault[] => {
      const trigger = findTrigger(triggers, event);
      if (trigger === undefined || (event === 'pull_request_target' && isLabeler(file))) return [];
      const message = `${event} runs with the rights of the repository on what others send`;
      return [{ message, severity: 'high', confidence: 'medium', places: [triggers.entry.span, trigger.span] }];
    });
  },
});

/** Labelling pull requests with GitHub's own action and doing nothing else is what the trigger was made for. */
function isLabeler({ jobs }: Workflow): boolean {
  const [job, ...others] = jobs;
  if (job?.kind !== 'steps' || others.length > 0) return false;
  const [step, ...more] = job.steps;
  if (step?.kind !== 'uses' || more.length > 0 || step.uses.uses.kind !== 'repository') return false;
  return actionSlug(step.uses.uses) === 'actions/labeler';
}
