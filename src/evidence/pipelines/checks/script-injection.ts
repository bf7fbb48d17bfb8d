// SPDX-License-Identifier: Apache-2.0

import type { Job, Pipeline, Step } from '../pipeline.ts';
import { pipelineSystems } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { untrustedInputs } from '../untrusted-input.ts';

export const scriptInjection = definePipelineCheck({
  id: 'script-injection',
  title: 'Text of outsiders is put into a script',
  aliases: ['poutine/injection'],
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  principle: 'injection',
  systems: pipelineSystems,
  why: 'The system replaces the expression before the shell reads the script, so a title or branch name can be a command.',
  remediation: 'Hand the value over in an environment variable and quote it in the script.',
  example: {
    path: '.github/workflows/title.yml',
    good: 'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.pull_request.title }}\n',
    bad: 'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.pull_request.title }}"\n',
  },
  run: (pipeline, { set }) =>
    pipeline.jobs.flatMap((job) =>
      job.steps.flatMap((step) => {
        const sources =
          step.script === undefined || !isReached(pipeline) ? [] : untrustedInputs(pipeline.system, step.script);
        if (step.script === undefined || sources.length === 0) return [];
        const isTrusted = set.triggersOfJob(pipeline, job).some(({ trusted, actor }) => trusted && actor === 'anyone');
        return [
          {
            message: `${sources.join(', ')} ${sources.length === 1 ? 'is' : 'are'} put into the script${isTrusted ? '; the run has secrets and write access' : ''}`,
            locations: [placeOf(pipeline, step), step.script.location] as const,
            ...names(job, step),
            ...(isTrusted || pipeline.kind === 'component' ? {} : { severity: 'medium' as const }),
          },
        ];
      }),
    ),
});

/** Pipelines as Code replaces what an event brings only in runs that pull requests start. */
function isReached(pipeline: Pipeline): boolean {
  if (pipeline.system !== 'tekton') return true;
  return (
    pipeline.traits.get('kind') === 'PipelineRun' &&
    pipeline.triggers.some(({ event }) => event.startsWith('pull_request'))
  );
}

/** Of Tekton the step, whose script may be in another file than the run. */
function placeOf(pipeline: Pipeline, step: Step): Step['location'] {
  return pipeline.system === 'tekton' ? step.location : (step.script?.location ?? step.location);
}

function names(job: Job, step: Step): { readonly job: string; readonly step: string } {
  return { job: job.id, step: step.name ?? step.id ?? String(step.index) };
}
