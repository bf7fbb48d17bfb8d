// SPDX-License-Identifier: Apache-2.0
// All steps of a file, each with what surrounds it: job and workflow, or the action.
import { wholeExpression } from '../../../formats/github-expression/find-expressions.ts';
import type { Action } from '../../../formats/github-workflow/action.ts';
import type { GithubFile } from '../../../formats/github-workflow/github-file.ts';
import type { CallJob, Job, StepsJob } from '../../../formats/github-workflow/job.ts';
import type { RunStep, Step, UsesStep, UsesText } from '../../../formats/github-workflow/step.ts';
import type { NamedText, TextMap, WorkflowText } from '../../../formats/github-workflow/text.ts';
import { namedText } from '../../../formats/github-workflow/text.ts';
import type { RepositoryUses } from '../../../formats/github-workflow/uses.ts';
import type { Workflow } from '../../../formats/github-workflow/workflow.ts';
import type { Span } from '../../../formats/span.ts';
import { scalarOffsets } from '../../../formats/yaml-offsets.ts';
import { contextPath } from './flow.ts';
import { matrixValues } from './matrix-values.ts';

export interface StepPlace<S extends Step = Step> {
  readonly step: S;
  /** Present in workflows. */
  readonly job?: StepsJob;
  readonly workflow?: Workflow;
  readonly action?: Action;
}

/** Steps of all jobs, or of a composite action, in order. */
export function stepsOf(file: GithubFile): readonly StepPlace[] {
  if (file.kind === 'action') return (file.runs?.steps ?? []).map((step) => ({ step, action: file }));
  if (file.kind !== 'workflow') return [];
  return stepJobsOf(file).flatMap((job) => job.steps.map((step) => ({ step, job, workflow: file })));
}

export function runStepsOf(file: GithubFile): readonly StepPlace<RunStep>[] {
  return stepsOf(file).flatMap((place) => (place.step.kind === 'run' ? [{ ...place, step: place.step }] : []));
}

/** Steps that use an action of a repository. */
export interface ActionStepPlace extends StepPlace<UsesStep> {
  readonly uses: RepositoryUses;
}

export function actionStepsOf(file: GithubFile): readonly ActionStepPlace[] {
  return stepsOf(file).flatMap((place) => {
    const { step } = place;
    return step.kind === 'uses' && step.uses.uses.kind === 'repository'
      ? [{ ...place, step, uses: step.uses.uses }]
      : [];
  });
}

/** Every `uses:` of a file, of steps and of jobs. */
export interface UsesPlace {
  readonly text: UsesText;
  /** The reference itself, without quotes and the mark of a block. */
  readonly place: Span;
  /** The step or job, for comments that silence a finding. */
  readonly around: Span;
  readonly job?: string;
  readonly step?: string;
}

export function usesOf(file: GithubFile): readonly UsesPlace[] {
  const steps = stepsOf(file).flatMap((place): UsesPlace[] => {
    const { step } = place;
    if (step.kind !== 'uses') return [];
    return [{ text: step.uses, place: referenceSpan(file, step.uses), around: step.node.place, ...namesOf(place) }];
  });
  const calls = file.kind === 'workflow' ? callJobsOf(file) : [];
  return [
    ...steps,
    ...calls.map(({ uses, entry, id }) => ({
      text: uses,
      place: referenceSpan(file, uses),
      around: entry.span,
      job: id,
    })),
  ];
}

function referenceSpan(file: GithubFile, { text, node }: UsesText): Span {
  const start = text.length - text.trimStart().length;
  return scalarOffsets(file.tree.text, node).span(start, text.trimEnd().length);
}

export function stepJobsOf(workflow: Workflow): readonly StepsJob[] {
  return workflow.jobs.filter((job: Job): job is StepsJob => job.kind === 'steps');
}

export function callJobsOf(workflow: Workflow): readonly CallJob[] {
  return workflow.jobs.filter((job: Job): job is CallJob => job.kind === 'call');
}

/** Names for people. */
export function namesOf(place: StepPlace): { readonly job?: string; readonly step?: string } {
  const { step, job } = place;
  const label = step.name?.text ?? step.id?.text;
  return { ...(job === undefined ? {} : { job: job.id }), ...(label === undefined ? {} : { step: label }) };
}

/** Where in the file a step stands: the whole of it, and for one that an alias names the alias. */
export function stepSpan({ step }: StepPlace): Span {
  return step.node.place;
}

/** An input of an action. */
export function inputOf(step: UsesStep, name: string): NamedText | undefined {
  return namedText(step.inputs, name);
}

/** Whether `with:` is one expression, so that nobody knows which inputs there are. */
export function hasComputedInputs(step: UsesStep): boolean {
  return step.inputs?.expression !== undefined && step.inputs.members.length === 0;
}

/** The shell a script runs in with the place where that is said; undefined when it depends on the runner and that is not known. */
export function shellOf(
  place: StepPlace<RunStep>,
): { readonly shell: string; readonly text?: WorkflowText } | undefined {
  const said = place.step.shell ?? place.job?.defaults?.shell ?? place.workflow?.defaults?.shell;
  if (said !== undefined) return { shell: said.text, text: said };
  // In a container of its own a job runs `sh`, wherever the container runs.
  if (place.job?.container !== undefined) return { shell: 'sh' };
  const labels = place.job === undefined ? [] : labelsOf(place.job);
  if (labels.length > 0 && labels.every((label) => label.startsWith('windows'))) return { shell: 'pwsh' };
  if (labels.length > 0 && labels.every((label) => /^(?:ubuntu|macos)(?:-|$)/.test(label))) return { shell: 'bash' };
  return undefined;
}

/** The first label of the runner in lower case; of one that the matrix gives, all its values. */
function labelsOf(job: StepsJob): readonly string[] {
  const label = job.runsOn?.labels[0]?.text.toLowerCase();
  if (label === undefined || job.runsOn?.group !== undefined) return [];
  const expression = wholeExpression(label);
  if (expression === undefined) return [label];
  const path = expression.parsed.kind === 'fault' ? undefined : contextPath(expression.parsed.node);
  return path === undefined ? [] : matrixValues(job.matrix, path).map(({ text }) => text.toLowerCase());
}

/** Maps of variables that reach a step, the nearest first. */
export function environmentsOf(place: StepPlace): readonly TextMap[] {
  return [place.step.env, place.job?.env, place.workflow?.env].filter((map) => map !== undefined);
}
