// SPDX-License-Identifier: Apache-2.0
import { buildToolOfAction, buildToolsIn } from '../build-tools.ts';
import {
  excludesForks,
  stepsAfterProposedCheckout,
  triggerWords,
  trustedOutsiderTriggers,
} from '../outsider-access.ts';
import type { Job, Pipeline, Step } from '../pipeline.ts';
import type { PipelineCheckContext, PipelineFault } from '../pipeline-check.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const untrustedCodeExecution = definePipelineCheck({
  id: 'untrusted-code-execution',
  title: 'Code of a pull request is run with the rights of the repository',
  aliases: ['poutine/untrusted_checkout_exec'],
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  principle: 'injection',
  systems: ['github-actions', 'azure-pipelines', 'tekton'],
  why: 'Build tools run what the sources say; where the sources come from a fork, its author runs commands in a job that has secrets.',
  remediation: 'Build pull requests in a run without secrets (pull_request), and hand only data to one that has them.',
  example: {
    path: '.github/workflows/preview.yml',
    good: 'on: pull_request\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm ci\n',
    bad: 'on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n      - run: npm ci\n',
  },
  run: (pipeline, context) => {
    if (pipeline.system === 'github-actions') return ofGithub(pipeline, context);
    return pipeline.system === 'tekton' ? ofTekton(pipeline) : ofAzure(pipeline);
  },
});

const callable = 'workflow_call';

function ofGithub(pipeline: Pipeline, { set }: PipelineCheckContext): readonly PipelineFault[] {
  const [any] = trustedOutsiderTriggers(set, pipeline);
  // A reusable workflow may be called by one of another repository.
  const isCallable = pipeline.triggers.some(({ event }) => event === callable);
  if (any === undefined && !isCallable) return [];
  return pipeline.jobs.flatMap((job) => {
    const [trigger] = trustedOutsiderTriggers(set, pipeline, job);
    const how =
      trigger === undefined
        ? any === undefined
          ? 'whoever calls this workflow'
          : triggerWords(any)
        : triggerWords(trigger);
    return stepsAfterProposedCheckout(job).flatMap((step) =>
      faultsOf(job, step, how).map((fault) => ({
        ...fault,
        ...doubtOf(trigger === undefined, any === undefined, job),
      })),
    );
  });
}

type Doubt = Pick<PipelineFault, 'confidence' | 'severity' | 'persona'>;

/** The condition of the job keeps outsiders out as far as it can be read; or nobody is known who calls. */
function doubtOf(isKeptOut: boolean, isOnlyCalled: boolean, job: Job): Doubt {
  if (isKeptOut && !isOnlyCalled) return { confidence: 'low', severity: 'low', persona: 'pedantic' };
  return isKeptOut || excludesForks(job.condition?.text) ? { confidence: 'low', severity: 'medium' } : {};
}

/** Pull requests of forks get no secrets unless a setting on the server gives them, but a checkout that is asked for runs their code. */
function ofAzure(pipeline: Pipeline): readonly PipelineFault[] {
  if (!pipeline.triggers.some(({ actor }) => actor === 'anyone')) return [];
  return pipeline.jobs.flatMap((job) => {
    const at = job.steps.findIndex(({ checkout }) => checkout !== undefined);
    if (at === -1) return [];
    return job.steps.slice(at + 1).flatMap((step) =>
      faultsOf(job, step, 'pull request').map((fault) => ({
        ...fault,
        severity: 'medium' as const,
        confidence: 'low' as const,
      })),
    );
  });
}

function ofTekton(pipeline: Pipeline): readonly PipelineFault[] {
  const isProposed = pipeline.triggers.some(({ event }) => event.startsWith('pull_request'));
  if (!isProposed || pipeline.traits.get('clones') !== 'git-clone') return [];
  return pipeline.jobs.flatMap((job) => job.steps.flatMap((step) => faultsOf(job, step, 'pull_request')));
}

function faultsOf(job: Job, step: Step, how: string): readonly PipelineFault[] {
  const tools =
    step.script === undefined || step.script.language === 'javascript' ? [] : buildToolsIn(step.script.text);
  const { component } = step;
  const tool = component === undefined ? undefined : buildToolOfAction(component.name);
  const name = step.name ?? step.id ?? String(step.index);
  const rights = how === 'pull request' ? '' : ', with the rights of the repository';
  if (step.script !== undefined && tools.length > 0)
    return [
      {
        message: `${tools.join(', ')} ${tools.length === 1 ? 'does' : 'do'} what the proposed sources say (${how})${rights}`,
        locations: [step.script.location],
        job: job.id,
        step: name,
      },
    ];
  if (component === undefined) return [];
  if (component.isLocal && component.kind === 'action')
    return [
      {
        message: `the action ${component.text} is taken from the proposed sources (${how})${rights}`,
        locations: [component.location],
        job: job.id,
        step: name,
      },
    ];
  return tool === undefined
    ? []
    : [
        {
          message: `${component.text} runs ${tool}, which does what the proposed sources say (${how})${rights}`,
          locations: [component.location],
          job: job.id,
          step: name,
        },
      ];
}
