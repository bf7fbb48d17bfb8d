// SPDX-License-Identifier: Apache-2.0
import type { Permissions } from '../../../formats/github-workflow/permissions.ts';
import { findTrigger } from '../../../formats/github-workflow/triggers.ts';
import type { Workflow } from '../../../formats/github-workflow/workflow.ts';
import type { Span } from '../../../formats/span.ts';
import type { Severity } from '../../../model/severity.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const excessivePermissions = defineGithubCheck({
  id: 'excessive-permissions',
  aliases: ['zizmor/excessive-permissions'],
  title: 'The token may do more than is needed',
  principle: 'least-privilege',
  why: 'A step that is taken over can do with the token what its job may do, so a job should get only the scopes it needs.',
  remediation: 'Set permissions: {} for the workflow and grant each job only the scopes it needs.',
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions'],
  kinds: ['workflow'],
  example: {
    good: 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n',
    bad: 'on: push\npermissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n  b:\n    runs-on: ubuntu-latest\n    steps: []\n',
  },
  run(file) {
    return file.kind === 'workflow' ? [...workflowFaults(file), ...jobFaults(file)] : [];
  },
});

/** How much harm the right to write does; those that are not known count as medium. */
const writeSeverities: Readonly<Record<string, Severity>> = {
  actions: 'high',
  attestations: 'high',
  checks: 'medium',
  contents: 'high',
  deployments: 'high',
  discussions: 'medium',
  'id-token': 'high',
  issues: 'high',
  packages: 'high',
  pages: 'high',
  'pull-requests': 'high',
  'repository-projects': 'medium',
  'security-events': 'medium',
  statuses: 'low',
};

function isReusableOnly(workflow: Workflow): boolean {
  return workflow.triggers?.list.length === 1 && findTrigger(workflow.triggers, 'workflow_call') !== undefined;
}

function workflowFaults(workflow: Workflow): readonly GithubFault[] {
  // With one job, or where every job says what it needs, it makes no difference where it is said.
  const isHarmless = workflow.jobs.length === 1 || workflow.jobs.every((job) => job.permissions !== undefined);
  const persona = isHarmless || isReusableOnly(workflow) ? 'pedantic' : 'regular';
  const { permissions } = workflow;
  if (permissions === undefined) {
    if (hasPermissionsKey(workflow.node)) return [];
    return [{ ...defaultFault(workflow.node.span), persona }];
  }
  if (permissions.grant !== 'scopes') return [{ ...broadFault(permissions), persona }];
  return permissions.scopes
    .filter(({ access }) => access === 'write')
    .map(({ scope, entry }) => ({
      message: `${scope}: write for all jobs of the workflow`,
      severity: (Object.hasOwn(writeSeverities, scope) ? writeSeverities[scope] : undefined) ?? 'medium',
      confidence: 'high',
      persona,
      places: [entry.span],
    }));
}

function jobFaults(workflow: Workflow): readonly GithubFault[] {
  return workflow.jobs.flatMap((job): GithubFault[] => {
    // What a called workflow may do its caller decides, except for workflows that it calls itself.
    const persona = job.kind === 'steps' && isReusableOnly(workflow) ? 'pedantic' : 'regular';
    const about = { persona, job: job.id, around: [job.entry.span] } as const;
    if (job.permissions === undefined) {
      const isCovered = workflow.permissions !== undefined || hasPermissionsKey(job.node);
      return isCovered ? [] : [{ ...defaultFault(job.entry.span), ...about }];
    }
    return job.permissions.grant === 'scopes' ? [] : [{ ...broadFault(job.permissions), ...about }];
  });
}

function hasPermissionsKey(node: Workflow['node']): boolean {
  return node.entries.some(
    ({ key, value }) => key === 'permissions' && !(value.kind === 'scalar' && value.value === null),
  );
}

function defaultFault(place: Span): GithubFault {
  const message = 'no permissions are set, so the token gets the default ones, which may be broad';
  return { message, severity: 'medium', confidence: 'medium', places: [place] };
}

function broadFault(permissions: Permissions): GithubFault {
  const isWrite = permissions.grant === 'write-all';
  const message = `${permissions.grant} grants ${isWrite ? 'the right to write' : 'the right to read'} everything`;
  return { message, severity: isWrite ? 'high' : 'medium', confidence: 'high', places: [permissions.entry.span] };
}
