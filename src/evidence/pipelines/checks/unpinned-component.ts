// SPDX-License-Identifier: Apache-2.0

import { pinComponent } from '../pin-fixes.ts';
import { isPinnedComponent } from '../pinned.ts';
import type { ComponentUse, PipelineSystem } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const unpinnedComponent = definePipelineCheck({
  id: 'unpinned-component',
  title: 'A foreign component can change under its name',
  aliases: [],
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  principle: 'provenance-integrity',
  systems: ['github-actions', 'gitlab-ci', 'tekton', 'jenkins', 'circleci', 'azure-pipelines'],
  why: 'Tags and branches can be moved by their owner, or by whoever takes over the account; the next run has the new code.',
  remediation: 'Pin it to a commit or digest (landwaiter pipeline . --pin, then --fix), with the version in a comment.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'include:\n  - project: group/templates\n    ref: 0123456789abcdef0123456789abcdef01234567\n    file: /build.yml\na:\n  script: [make]\n',
    bad: 'include:\n  - project: group/templates\n    ref: main\n    file: /build.yml\na:\n  script: [make]\n',
  },
  run: ({ jobs, includes, system, kind }, context) => {
    // What an action uses is told once, of the action (action-cannot-be-pinned).
    if (system === 'github-actions' && kind === 'component') return [];
    const ofJobs = jobs.flatMap((job) =>
      [job.calls, ...job.steps.map(({ component }) => component)].map((component) => ({ component, job: job.id })),
    );
    const all: readonly { readonly component: ComponentUse | undefined; readonly job?: string }[] = [
      ...includes.map((component) => ({ component })),
      ...ofJobs,
    ];
    return all.flatMap(({ component, job }) => {
      if (component === undefined || !isForeign(component, system) || isPinnedComponent(component)) return [];
      const named =
        component.version === undefined ? 'names no version' : `is at ${component.version}, which its owner can move`;
      const fix = pinComponent(component, context);
      return [
        {
          message: `${component.text} ${named}`,
          ...(fix === undefined ? {} : { fix }),
          locations: [component.location] as const,
          ...(job === undefined ? {} : { job }),
          ...(isBuiltIn(component, system) ? { persona: 'pedantic' as const, severity: 'low' as const } : {}),
        },
      ];
    });
  },
});

/** Tasks of Azure come with the server; images have a check of their own; steps that call an orb are told at the orb. */
function isForeign(component: ComponentUse, system: PipelineSystem): boolean {
  if (component.isLocal || component.kind === 'image' || /\$[{[(]|<</.test(component.text)) return false;
  if (system === 'azure-pipelines') return false;
  return component.kind !== 'orb' || component.text.includes('@');
}

/** Actions of the platform itself, and templates that come with the server. */
function isBuiltIn(component: ComponentUse, system: PipelineSystem): boolean {
  return (
    (system === 'github-actions' && /^(?:actions|github)\//i.test(component.name)) ||
    component.facts?.['include'] === 'template'
  );
}
