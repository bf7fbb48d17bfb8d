// SPDX-License-Identifier: Apache-2.0
// Every place of a workflow where an expression may stand: which key it is, so that the contexts there are known, and which type is wanted.

import { typeOfInput } from '../called-workflow.ts';
import type { WorkflowKey } from '../expressions/availability.ts';
import { MatrixTypes } from '../expressions/matrix-type.ts';
import { ExpressionScope } from '../expressions/scope.ts';
import type { ExpressionType } from '../expressions/types.ts';
import { anyType, isAssignable, mapOf, strictMembers, strictObject, typeName } from '../expressions/types.ts';
import {
  githubType,
  inputsType,
  jobsType,
  needsType,
  secretsType,
  typeOfStep,
} from '../expressions/workflow-contexts.ts';
import type { LintContext } from '../lint-context.ts';
import { localUses } from '../local-uses.ts';
import type {
  CallEvent,
  Concurrency,
  Container,
  Job,
  Runner,
  Services,
  Step,
  WorkflowCall,
  WorkflowEvent,
} from '../workflow.ts';

export function checkExpressions(context: LintContext): void {
  const { workflow, project, report } = context;
  const scope = new ExpressionScope(report, project.configuration.variables);
  scope.setContext('github', githubType(workflow));
  scope.setContext('secrets', secretsType(workflow));
  for (const event of workflow.events) checkEvent(scope, event);
  scope.setContext('inputs', inputsType(workflow));
  scope.text(workflow.name, 'elsewhere');
  scope.text(workflow.runName, 'run-name');
  scope.environment(workflow.environment, 'env');
  scope.text(workflow.defaults?.shell, 'elsewhere');
  scope.text(workflow.defaults?.workingDirectory, 'elsewhere');
  checkConcurrency(scope, workflow.concurrency, 'concurrency');
  for (const { value: job } of workflow.jobs.values()) checkJob(context, scope, job);
  checkCallOutputs(context, scope);
}

function checkEvent(scope: ExpressionScope, event: WorkflowEvent): void {
  switch (event.kind) {
    case 'webhook':
      scope.texts(event.types ?? [], 'elsewhere');
      scope.texts(event.workflows?.values ?? [], 'elsewhere');
      for (const filter of event.filters) scope.texts(filter.values, 'elsewhere');
      return;
    case 'schedule':
      for (const { cron, timezone } of event.entries) scope.texts([cron, timezone], 'elsewhere');
      return;
    case 'workflow_dispatch':
      for (const { value: input } of event.inputs.values()) {
        scope.texts([input.description, input.default, ...(input.options ?? [])], 'elsewhere');
        scope.boolean(input.required, 'elsewhere', 'required');
      }
      return;
    case 'workflow_call':
      checkCallInputs(scope, event);
      return;
    default:
      scope.texts(
        event.kind === 'repository_dispatch'
          ? (event.types ?? [])
          : [...(event.names ?? []), ...(event.versions ?? [])],
        'elsewhere',
      );
  }
}

/** A default may refer to the inputs above it. */
function checkCallInputs(scope: ExpressionScope, event: CallEvent): void {
  const known = new Map<string, ExpressionType>();
  for (const [id, { name, value: input }] of event.inputs) {
    scope.setContext('inputs', strictMembers(known));
    scope.text(input.description, 'elsewhere');
    const wanted = typeOfInput(input);
    const given = input.default;
    if (given?.value.includes('${{') === true) {
      const type = scope.valueType(given, 'on.workflow_call.inputs.<inputs_id>.default');
      const fits = wanted.kind === 'bool' ? type.kind === 'bool' || type.kind === 'any' : isAssignable(wanted, type);
      if (!fits)
        scope.say(
          given.offset,
          `type of input ${JSON.stringify(name.value)} must be ${typeName(wanted)} but found type ${typeName(type)}`,
        );
    }
    known.set(id, wanted);
  }
}

function checkCallOutputs({ workflow, project }: LintContext, scope: ExpressionScope): void {
  const call = workflow.events.find((event): event is CallEvent => event.kind === 'workflow_call');
  if (call === undefined) return;
  scope.setContext('jobs', jobsType(workflow, project));
  for (const { value } of call.outputs.values()) scope.text(value, 'on.workflow_call.outputs.<output_id>.value');
  scope.removeContext('jobs');
}

function checkConcurrency(scope: ExpressionScope, concurrency: Concurrency | undefined, key: WorkflowKey): void {
  scope.text(concurrency?.group, key);
  scope.boolean(concurrency?.cancelInProgress, key, 'cancel-in-progress');
}

function checkJob(context: LintContext, scope: ExpressionScope, job: Job): void {
  const { workflow, project } = context;
  scope.setContext('matrix', strictObject());
  scope.setContext('steps', strictObject());
  scope.setContext('needs', needsType(job, workflow, project));
  const strategy = job.strategy;
  if (strategy?.matrix !== undefined) scope.setContext('matrix', new MatrixTypes(scope).typeOf(strategy.matrix));
  scope.boolean(strategy?.failFast, 'jobs.<job_id>.strategy', 'fail-fast');
  scope.number(strategy?.maxParallel, 'jobs.<job_id>.strategy', 'max-parallel');
  scope.text(job.name, 'jobs.<job_id>.name');
  scope.texts(job.needs, 'elsewhere');
  checkRunner(scope, job.runsOn);
  checkConcurrency(scope, job.concurrency, 'jobs.<job_id>.concurrency');
  scope.environment(job.environment, 'jobs.<job_id>.env');
  scope.text(job.defaults?.shell, 'jobs.<job_id>.defaults.run');
  scope.text(job.defaults?.workingDirectory, 'jobs.<job_id>.defaults.run');
  scope.condition(job.condition, 'jobs.<job_id>.if');
  scope.boolean(job.continueOnError, 'jobs.<job_id>.continue-on-error', 'continue-on-error');
  scope.number(job.timeoutMinutes, 'jobs.<job_id>.timeout-minutes', 'timeout-minutes');
  if (job.container !== undefined)
    checkContainer(scope, job.container, {
      whole: 'jobs.<job_id>.container',
      credentials: 'jobs.<job_id>.container.credentials',
      environment: 'jobs.<job_id>.container.env.<env_id>',
    });
  checkServices(scope, job.services);
  scope.text(job.deployment?.name, 'jobs.<job_id>.environment');
  scope.boolean(job.deployment?.deployment, 'jobs.<job_id>.environment', 'deployment');
  if (job.call !== undefined) checkCall(context, scope, job.call);
  scope.texts([job.snapshot?.imageName, job.snapshot?.version], 'elsewhere');
  scope.condition(job.snapshot?.condition, 'jobs.<job_id>.snapshot.if');
  checkSteps(context, scope, job.steps);
  // Both are looked at when all steps have run.
  scope.text(job.deployment?.url, 'jobs.<job_id>.environment.url');
  for (const { value } of job.outputs.values()) scope.text(value, 'jobs.<job_id>.outputs.<output_id>');
}

function checkRunner(scope: ExpressionScope, runner: Runner | undefined): void {
  scope.texts([...(runner?.labels ?? []), runner?.group], 'jobs.<job_id>.runs-on');
  if (runner?.labelsExpression !== undefined)
    scope.assigned(runner.labelsExpression, 'jobs.<job_id>.runs-on', {
      what: 'runs-on',
      kinds: ['string', 'array', 'object'],
    });
}

interface ContainerKeys {
  readonly whole: WorkflowKey;
  readonly credentials: WorkflowKey;
  readonly environment: WorkflowKey;
}

function checkContainer(scope: ExpressionScope, container: Container, keys: ContainerKeys): void {
  const { credentials, image, options, entrypoint, command, ports, volumes } = container;
  scope.texts([image, options, entrypoint, command, ...ports, ...volumes], keys.whole);
  if (credentials?.expression !== undefined)
    scope.assigned(credentials.expression, keys.credentials, { what: 'credentials', kinds: ['object'] });
  scope.texts([credentials?.username, credentials?.password], keys.credentials);
  scope.environment(container.environment, keys.environment);
}

function checkServices(scope: ExpressionScope, services: Services | undefined): void {
  if (services?.expression !== undefined)
    scope.assigned(services.expression, 'jobs.<job_id>.services', { what: 'services', kinds: ['object'] });
  for (const { value } of services?.containers.values() ?? [])
    checkContainer(scope, value, {
      whole: 'jobs.<job_id>.services',
      credentials: 'jobs.<job_id>.services.<service_id>.credentials',
      environment: 'jobs.<job_id>.services.<service_id>.env.<env_id>',
    });
}

function checkCall({ project }: LintContext, scope: ExpressionScope, call: WorkflowCall): void {
  const { value: uses } = call.uses;
  scope.text(call.uses, 'elsewhere');
  const local = localUses(uses);
  const called = local === undefined ? undefined : project.calledWorkflow(local);
  for (const [id, { name, value }] of call.inputs) {
    const type = scope.valueType(value, 'jobs.<job_id>.with.<with_id>');
    const wanted = called?.kind === 'callable' ? (called.inputs.get(id)?.type ?? anyType) : anyType;
    if (!isAssignable(wanted, type))
      scope.say(
        value.offset,
        `input ${JSON.stringify(name.value)} is typed as ${typeName(wanted)} by reusable workflow ${JSON.stringify(uses)}. ${typeName(type)} value cannot be assigned`,
      );
  }
  for (const { value } of call.secrets.values()) scope.text(value, 'jobs.<job_id>.secrets.<secrets_id>');
}

function checkSteps({ project }: LintContext, scope: ExpressionScope, steps: readonly Step[]): void {
  const done = new Map<string, ExpressionType>();
  let isOpen = false;
  for (const step of steps) {
    // Each step sees those before it.
    if (!isOpen) scope.setContext('steps', strictMembers(done));
    checkStep(scope, step);
    const id = step.id?.value ?? '';
    if (id.includes('${{')) {
      isOpen = true;
      scope.setContext('steps', mapOf(anyType));
    } else if (id !== '') done.set(id.toLowerCase(), typeOfStep(step, project));
  }
  if (!isOpen) scope.setContext('steps', strictMembers(done));
}

function checkStep(scope: ExpressionScope, step: Step): void {
  scope.text(step.id, 'elsewhere');
  scope.condition(step.condition, 'jobs.<job_id>.steps.if');
  scope.text(step.name, 'jobs.<job_id>.steps.name');
  scope.environment(step.environment, 'jobs.<job_id>.steps.env');
  scope.boolean(step.continueOnError, 'jobs.<job_id>.steps.continue-on-error', 'continue-on-error');
  scope.number(step.timeoutMinutes, 'jobs.<job_id>.steps.timeout-minutes', 'timeout-minutes');
  const { execution } = step;
  if (execution?.kind === 'run') {
    scope.text(execution.run, 'jobs.<job_id>.steps.run', 'script');
    scope.text(execution.shell, 'elsewhere');
    scope.text(execution.workingDirectory, 'jobs.<job_id>.steps.working-directory');
  } else if (execution?.kind === 'action') {
    scope.text(execution.uses, 'elsewhere');
    const isScript = execution.uses?.value.startsWith('actions/github-script@') === true;
    for (const [id, { value }] of execution.inputs)
      scope.text(value, 'jobs.<job_id>.steps.with', isScript && id === 'script' ? 'script' : 'value');
  }
}
