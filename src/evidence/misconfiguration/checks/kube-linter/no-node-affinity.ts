// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { nodeAffinityTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNoNodeAffinity = defineManifestCheck({
  id: 'kube-linter-no-node-affinity',
  title: 'A workload does not say on which nodes it may run',
  aliases: ['kube-linter/no-node-affinity'],
  profiles: ['kube-linter'],
  severity: 'negligible',
  why: 'Sensitive workloads may share nodes with others.',
  remediation: 'Add a nodeAffinity',
  urls: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity'],
  example: {
    good: deployment({ pod: ['affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } }'] }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(nodeAffinityTemplate, 'kube-linter-no-node-affinity'),
});
