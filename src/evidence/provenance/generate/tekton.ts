// SPDX-License-Identifier: Apache-2.0
// Tekton sets no variables of its own: a task hands them in from $(context.pipelineRun.name) and its like. docs/provenance.md shows the lines.
import type { BuildDescription, CiSystem, Environment } from './ci-system.ts';
import { present, requireVariables, valueOf, withoutCredentials } from './ci-system.ts';

const names = ['TEKTON_NAMESPACE', 'TEKTON_TASKRUN', 'TEKTON_GIT_URL', 'TEKTON_GIT_COMMIT'] as const;

export const tekton: CiSystem = {
  id: 'tekton',
  title: 'Tekton',
  detect: (environment) => valueOf(environment, 'TEKTON_TASKRUN') !== undefined,
  describe,
};

function describe(environment: Environment): BuildDescription | { readonly missing: readonly string[] } {
  const found = requireVariables(environment, names);
  if ('missing' in found) return found;
  const { values } = found;
  const repository = withoutCredentials(values.TEKTON_GIT_URL);
  const ref = valueOf(environment, 'TEKTON_GIT_REF');
  const run = valueOf(environment, 'TEKTON_PIPELINERUN');
  const id = valueOf(environment, 'TEKTON_PIPELINERUN_UID') ?? valueOf(environment, 'TEKTON_TASKRUN_UID');
  return {
    buildType: 'https://landwaiter.dev/buildtypes/tekton/v1',
    builderId: 'https://landwaiter.dev/builders/tekton-step',
    externalParameters: present({
      source: repository,
      ref,
      pipeline: valueOf(environment, 'TEKTON_PIPELINE'),
      task: valueOf(environment, 'TEKTON_TASK'),
    }),
    internalParameters: present({
      namespace: values.TEKTON_NAMESPACE,
      pipelineRun: run,
      taskRun: values.TEKTON_TASKRUN,
    }),
    source: { repository, ref, commit: values.TEKTON_GIT_COMMIT },
    invocationId: id ?? `${values.TEKTON_NAMESPACE}/${run ?? values.TEKTON_TASKRUN}`,
    startedOn: undefined,
    level: { most: 1, reason: 'a step writes it and could write anything; Tekton Chains signs outside of the steps' },
  };
}
