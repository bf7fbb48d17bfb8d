// SPDX-License-Identifier: Apache-2.0
// The contexts of GitHub Actions with the types of their members (docs.github.com, "Contexts reference"), before anything of a workflow is known.
import type { ExpressionType, ObjectType } from './types.ts';
import { anyType, boolType, looseObject, mapOf, numberType, strictObject, stringType } from './types.ts';

export type ContextName =
  | 'env'
  | 'github'
  | 'inputs'
  | 'job'
  | 'jobs'
  | 'matrix'
  | 'needs'
  | 'runner'
  | 'secrets'
  | 'steps'
  | 'strategy'
  | 'vars';

export type Contexts = ReadonlyMap<string, ExpressionType>;

const githubTexts = [
  'action',
  'action_path',
  'action_ref',
  'action_repository',
  'action_status',
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'env',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'job_workflow_sha',
  'output',
  'path',
  'ref',
  'ref_name',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'repository_visibility',
  'repositoryurl',
  'run_attempt',
  'run_id',
  'run_number',
  'secret_source',
  'server_url',
  'sha',
  'state',
  'step_summary',
  'token',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
];

export const githubContext: ObjectType = strictObject({
  ...Object.fromEntries(githubTexts.map((name) => [name, stringType])),
  artifact_cache_size_limit: numberType,
  retention_days: numberType,
  ref_protected: boolType,
  event: looseObject(),
});

const runnerTexts = ['arch', 'debug', 'environment', 'name', 'os', 'temp', 'tool_cache'];

/** Those whose members a workflow does not change. */
export const fixedContexts: Contexts = new Map<string, ExpressionType>([
  ['github', githubContext],
  ['env', mapOf(stringType)],
  [
    'job',
    strictObject({
      status: stringType,
      check_run_id: numberType,
      workflow_file_path: stringType,
      workflow_ref: stringType,
      workflow_repository: stringType,
      workflow_sha: stringType,
      container: strictObject({ id: stringType, network: stringType }),
      // Ports are looked up by number as well as by text.
      services: mapOf(strictObject({ id: stringType, network: stringType, ports: anyType })),
    }),
  ],
  ['steps', strictObject()],
  ['runner', strictObject(Object.fromEntries(runnerTexts.map((name) => [name, stringType])))],
  ['secrets', mapOf(stringType)],
  [
    'strategy',
    strictObject({
      'fail-fast': boolType,
      'job-index': numberType,
      'job-total': numberType,
      'max-parallel': numberType,
    }),
  ],
  ['matrix', strictObject()],
  ['needs', strictObject()],
  ['inputs', strictObject()],
  ['vars', mapOf(stringType)],
]);

/** Secrets that are there without being handed over. */
export const ambientSecrets = ['actions_runner_debug', 'actions_step_debug', 'github_token'] as const;
