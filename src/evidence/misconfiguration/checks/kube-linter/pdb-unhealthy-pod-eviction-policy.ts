// SPDX-License-Identifier: Apache-2.0

import { disruptionBudget } from '../../example-manifests.ts';
import { budgetEvictionPolicyTemplate } from '../../kube-linter/budget-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterPdbUnhealthyPodEvictionPolicy = defineManifestCheck({
  id: 'kube-linter-pdb-unhealthy-pod-eviction-policy',
  title: 'A disruption budget does not say what happens to unhealthy Pods',
  aliases: ['kube-linter/pdb-unhealthy-pod-eviction-policy'],
  profiles: ['kube-linter'],
  severity: 'negligible',
  why: 'Pods that never become healthy block the draining of their node.',
  remediation: 'Set unhealthyPodEvictionPolicy to AlwaysAllow',
  urls: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  example: {
    good: disruptionBudget('minAvailable: 1', 'unhealthyPodEvictionPolicy: AlwaysAllow'),
    bad: disruptionBudget('minAvailable: 1'),
  },
  kinds: ['PodDisruptionBudget'],
  run: builtIn(budgetEvictionPolicyTemplate, 'kube-linter-pdb-unhealthy-pod-eviction-policy'),
});
