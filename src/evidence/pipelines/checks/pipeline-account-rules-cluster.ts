// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const pipelineAccountRulesCluster = definePipelineCheck({
  id: 'pipeline-account-rules-cluster',
  title: 'The service account of a pipeline rules the cluster',
  aliases: [],
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  principle: 'least-privilege',
  systems: ['tekton'],
  why: 'Every task, and whatever it fetches and runs, can do anything in the cluster.',
  remediation: 'Bind the account to a role with what the pipeline does, in its own namespace.',
  example: {
    path: '.tekton/run.yaml',
    good: 'apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: run}\nspec:\n  taskRunTemplate: {serviceAccountName: builder}\n  pipelineSpec: {tasks: [{name: a, taskSpec: {steps: [{image: x, script: make}]}}]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: builder, namespace: ci}]\n',
    bad: 'apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: run}\nspec:\n  taskRunTemplate: {serviceAccountName: builder}\n  pipelineSpec: {tasks: [{name: a, taskSpec: {steps: [{image: x, script: make}]}}]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: builder, namespace: ci}]\n',
  },
  run: ({ jobs, name }, { resources }) => {
    const accounts = new Map(
      jobs.flatMap(({ traits }) =>
        traits.has('service-account')
          ? [[traits.get('service-account')?.text ?? '', traits.get('service-account')?.location] as const]
          : [],
      ),
    );
    if (accounts.size === 0) return [];
    return resources().flatMap((binding) => {
      if (binding.kind !== 'ClusterRoleBinding' && binding.kind !== 'RoleBinding') return [];
      const role = asString(asObject(binding.object['roleRef'])?.['name']);
      if (role !== 'cluster-admin') return [];
      return asArray(binding.object['subjects']).flatMap((subject, index) => {
        const account = asString(asObject(subject)?.['name']) ?? '';
        const at = accounts.get(account);
        if (at === undefined || asString(asObject(subject)?.['kind']) !== 'ServiceAccount') return [];
        return [
          {
            message: `${name} runs as ${account}, which is bound to cluster-admin`,
            locations: [at, binding.locate(['subjects', index])] as const,
          },
        ];
      });
    });
  },
});
