// SPDX-License-Identifier: Apache-2.0
// GitHub Actions, in the build type of the service (actions.github.io/buildtypes/workflow/v1).
import type { BuildDescription, CiSystem, Environment } from './ci-system.ts';
import { present, requireVariables, valueOf } from './ci-system.ts';

const names = [
  'GITHUB_SERVER_URL',
  'GITHUB_REPOSITORY',
  'GITHUB_SHA',
  'GITHUB_REF',
  'GITHUB_WORKFLOW_REF',
  'GITHUB_RUN_ID',
  'GITHUB_RUN_ATTEMPT',
  'GITHUB_EVENT_NAME',
] as const;

export const githubActions: CiSystem = {
  id: 'github',
  title: 'GitHub Actions',
  detect: (environment) => environment['GITHUB_ACTIONS'] === 'true',
  describe,
};

function describe(environment: Environment): BuildDescription | { readonly missing: readonly string[] } {
  const found = requireVariables(environment, names);
  if ('missing' in found) return found;
  const { values } = found;
  const repository = `${values.GITHUB_SERVER_URL}/${values.GITHUB_REPOSITORY}`;
  const workflow = values.GITHUB_WORKFLOW_REF;
  const at = workflow.indexOf('@');
  const path = workflow.slice(values.GITHUB_REPOSITORY.length + 1, at === -1 ? undefined : at);
  const runner = valueOf(environment, 'RUNNER_ENVIRONMENT');
  return {
    buildType: 'https://actions.github.io/buildtypes/workflow/v1',
    builderId: `${values.GITHUB_SERVER_URL}/actions/runner${runner === undefined ? '' : `/${runner}`}`,
    externalParameters: { workflow: { ref: at === -1 ? values.GITHUB_REF : workflow.slice(at + 1), repository, path } },
    internalParameters: {
      github: present({
        event_name: values.GITHUB_EVENT_NAME,
        repository_id: valueOf(environment, 'GITHUB_REPOSITORY_ID'),
        repository_owner_id: valueOf(environment, 'GITHUB_REPOSITORY_OWNER_ID'),
        runner_environment: runner,
      }),
    },
    source: { repository, ref: values.GITHUB_REF, commit: values.GITHUB_SHA },
    invocationId: `${repository}/actions/runs/${values.GITHUB_RUN_ID}/attempts/${values.GITHUB_RUN_ATTEMPT}`,
    startedOn: undefined,
    level:
      runner === 'github-hosted'
        ? {
            most: 2,
            reason: 'signed keyless in the job, the service vouches for source and run; the job itself wrote the rest',
          }
        : { most: 1, reason: 'the runner is not hosted by the service' },
  };
}
