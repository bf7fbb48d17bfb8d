// SPDX-License-Identifier: Apache-2.0
// The types of the contexts that a workflow itself fills: inputs and secrets by its events, needs and jobs by its jobs, steps by their actions.

import { typeOfInput } from '../called-workflow.ts';
import type { Project } from '../lint-context.ts';
import { localUses } from '../local-uses.ts';
import { popularAction } from '../popular-actions.ts';
import type { CallEvent, DispatchEvent, DispatchInput, Job, Step, Workflow } from '../workflow.ts';
import { ambientSecrets, githubContext } from './contexts.ts';
import type { ExpressionType } from './types.ts';
import {
  anyType,
  boolType,
  looseObject,
  mapOf,
  mergeTypes,
  numberType,
  strictMembers,
  strictObject,
  stringType,
} from './types.ts';

/** `inputs`: of calls and of runs by hand together; an input of both has the type of both. */
export function inputsType(workflow: Workflow): ExpressionType {
  const types = new Map<string, ExpressionType>();
  for (const event of workflow.events) {
    if (event.kind === 'workflow_call') for (const [id, { value }] of event.inputs) add(id, typeOfInput(value));
    if (event.kind === 'workflow_dispatch')
      for (const [id, { value }] of event.inputs) add(id, typeOfDispatchInput(value));
  }
  return strictMembers(types);

  function add(id: string, type: ExpressionType): void {
    const known = types.get(id);
    types.set(id, known === undefined ? type : mergeTypes(known, type));
  }
}

function typeOfDispatchInput({ type }: DispatchInput): ExpressionType {
  if (type === 'boolean') return boolType;
  if (type === 'number') return numberType;
  return type === undefined ? anyType : stringType;
}

/** `github`, whose event carries the inputs of a run by hand as texts. */
export function githubType(workflow: Workflow): ExpressionType {
  const dispatch = workflow.events.find((event): event is DispatchEvent => event.kind === 'workflow_dispatch');
  if (dispatch === undefined) return githubContext;
  const inputs = strictMembers([...dispatch.inputs.keys()].map((id) => [id, stringType] as const));
  const properties = new Map(githubContext.properties);
  properties.set('event', looseObject({ inputs }));
  return { ...githubContext, properties };
}

/** `secrets`: known only of a workflow that is started by calls alone, and says which it takes. */
export function secretsType(workflow: Workflow): ExpressionType {
  const calls = workflow.events.filter((event): event is CallEvent => event.kind === 'workflow_call');
  const secrets = calls[0]?.secrets;
  if (secrets === undefined || calls.length !== workflow.events.length) return mapOf(stringType);
  return strictMembers([...ambientSecrets, ...secrets.keys()].map((id) => [id, stringType] as const));
}

/** `needs` of a job: the jobs it names, and only those. */
export function needsType(job: Job, workflow: Workflow, project: Project): ExpressionType {
  const types = new Map<string, ExpressionType>();
  for (const need of job.needs) {
    const id = need.value.toLowerCase();
    const needed = workflow.jobs.get(id)?.value;
    if (needed !== undefined) types.set(id, typeOfJob(needed, project));
  }
  return strictMembers(types);
}

/** `jobs`, in the outputs of a reusable workflow. */
export function jobsType(workflow: Workflow, project: Project): ExpressionType {
  return strictMembers([...workflow.jobs].map(([id, { value }]) => [id, typeOfJob(value, project)] as const));
}

function typeOfJob(job: Job, project: Project): ExpressionType {
  return strictObject({ outputs: outputsOfJob(job, project), result: stringType });
}

function outputsOfJob(job: Job, project: Project): ExpressionType {
  if (job.call === undefined) return strictMembers([...job.outputs.keys()].map((id) => [id, stringType] as const));
  const { value: uses } = job.call.uses;
  const local = localUses(uses);
  const called = local === undefined ? undefined : project.calledWorkflow(local);
  if (called?.kind !== 'callable') return mapOf(anyType);
  return strictMembers(called.outputs.map((id) => [id, stringType] as const));
}

/** One member of `steps`. */
export function typeOfStep(step: Step, project: Project): ExpressionType {
  return strictObject({ outputs: outputsOfStep(step, project), conclusion: stringType, outcome: stringType });
}

function outputsOfStep({ execution }: Step, project: Project): ExpressionType {
  const uses = execution?.kind === 'action' ? (execution.uses?.value ?? '') : '';
  const local = localUses(uses);
  const action = local === undefined ? popularAction(uses) : project.action(local);
  if (action?.outputs === undefined) return mapOf(stringType);
  return strictMembers(action.outputs.map((id) => [id, stringType] as const));
}
