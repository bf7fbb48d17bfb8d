// SPDX-License-Identifier: Apache-2.0

import type { Permissions } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const defaultPermissionsOnRiskyEvent = definePipelineCheck({
  id: 'default-permissions-on-risky-event',
  title: 'Outsiders start a run with default permissions',
  aliases: ['poutine/default_permissions_on_risky_events'],
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  principle: 'least-privilege',
  systems: ['github-actions'],
  why: 'Without permissions the token has those of the repository settings, which may be write access to everything.',
  remediation: 'Set `permissions: {}` for the workflow and give each job what it needs.',
  example: {
    path: '.github/workflows/label.yml',
    good: 'on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo labels\n',
    bad: 'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo labels\n',
  },
  run: ({ triggers, permissions, jobs }) => {
    const risky = triggers.find(({ event }) => event === 'pull_request_target' || event === 'issue_comment');
    if (risky === undefined || isGiven(permissions)) return [];
    const job = jobs.find((item) => !isGiven(item.permissions) && item.calls === undefined);
    if (job === undefined) return [];
    return [
      {
        message: `${risky.event} starts job ${job.id}, for which no permissions are set`,
        locations: [risky.location, job.location] as const,
        job: job.id,
      },
    ];
  },
});

function isGiven(permissions: Permissions | undefined): boolean {
  return permissions !== undefined;
}
