// SPDX-License-Identifier: Apache-2.0
// Which contexts and special functions may be used at which key (docs.github.com, "Contexts reference", context availability).
import type { ContextName } from './contexts.ts';

export interface Availability {
  readonly contexts: readonly ContextName[];
  /** Of the functions that are not available everywhere, in lower case. */
  readonly functions: readonly string[];
}

const beforeJob: readonly ContextName[] = ['github', 'inputs', 'vars'];
const jobBase: readonly ContextName[] = ['github', 'inputs', 'needs', 'vars'];
const jobFull: readonly ContextName[] = ['github', 'inputs', 'matrix', 'needs', 'strategy', 'vars'];
const onRunner: readonly ContextName[] = [
  'env',
  'github',
  'inputs',
  'job',
  'matrix',
  'needs',
  'runner',
  'secrets',
  'steps',
  'strategy',
  'vars',
];
const statusFunctions = ['always', 'cancelled', 'failure', 'success'];
const none: Availability = { contexts: [], functions: [] };

function of(contexts: readonly ContextName[], ...functions: readonly string[]): Availability {
  return { contexts, functions };
}

const step = of(onRunner, 'hashfiles');
const jobAndSecrets: readonly ContextName[] = [...jobFull, 'secrets'];
const withEnvironment: readonly ContextName[] = [...jobFull, 'env', 'secrets'];

const table = {
  'run-name': of(beforeJob),
  concurrency: of(beforeJob),
  env: of([...beforeJob, 'secrets']),
  'on.workflow_call.inputs.<inputs_id>.default': of(beforeJob),
  'on.workflow_call.outputs.<output_id>.value': of([...beforeJob, 'jobs']),
  'jobs.<job_id>.concurrency': of(jobFull),
  'jobs.<job_id>.container': of(jobFull),
  'jobs.<job_id>.container.credentials': of(withEnvironment),
  'jobs.<job_id>.container.env.<env_id>': of(onRunner.filter((name) => name !== 'steps')),
  'jobs.<job_id>.container.image': of(jobFull),
  'jobs.<job_id>.continue-on-error': of(jobFull),
  'jobs.<job_id>.defaults.run': of([...jobFull, 'env']),
  'jobs.<job_id>.env': of(jobAndSecrets),
  'jobs.<job_id>.environment': of(jobFull),
  'jobs.<job_id>.environment.url': of(onRunner.filter((name) => name !== 'secrets')),
  'jobs.<job_id>.if': of(jobBase, ...statusFunctions),
  'jobs.<job_id>.name': of(jobFull),
  'jobs.<job_id>.outputs.<output_id>': of(onRunner),
  'jobs.<job_id>.runs-on': of(jobFull),
  'jobs.<job_id>.secrets.<secrets_id>': of(jobAndSecrets),
  'jobs.<job_id>.services': of(jobFull),
  'jobs.<job_id>.services.<service_id>.credentials': of(withEnvironment),
  'jobs.<job_id>.services.<service_id>.env.<env_id>': of(onRunner.filter((name) => name !== 'steps')),
  'jobs.<job_id>.snapshot.if': of(jobFull, ...statusFunctions),
  'jobs.<job_id>.steps.continue-on-error': step,
  'jobs.<job_id>.steps.env': step,
  'jobs.<job_id>.steps.if': of(
    onRunner.filter((name) => name !== 'secrets'),
    ...statusFunctions,
    'hashfiles',
  ),
  'jobs.<job_id>.steps.name': step,
  'jobs.<job_id>.steps.run': step,
  'jobs.<job_id>.steps.timeout-minutes': step,
  'jobs.<job_id>.steps.with': step,
  'jobs.<job_id>.steps.working-directory': step,
  'jobs.<job_id>.strategy': of(jobBase),
  'jobs.<job_id>.timeout-minutes': of(jobFull),
  'jobs.<job_id>.with.<with_id>': of(jobFull),
  /** Every other key takes expressions of constants at most. */
  elsewhere: none,
} satisfies Readonly<Record<string, Availability>>;

export type WorkflowKey = keyof typeof table;

export function availabilityAt(key: WorkflowKey): Availability {
  return table[key];
}

/** Keys at which a special function may be called; undefined for functions that may be called anywhere. */
export function keysOfFunction(name: string): readonly WorkflowKey[] | undefined {
  const keys = (Object.keys(table) as WorkflowKey[]).filter((key) => availabilityAt(key).functions.includes(name));
  return keys.length === 0 ? undefined : keys;
}
