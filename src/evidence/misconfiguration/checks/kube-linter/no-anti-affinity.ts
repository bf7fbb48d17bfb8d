// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { antiAffinityTemplate } from '../../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNoAntiAffinity = defineManifestCheck({
  id: 'kube-linter-no-anti-affinity',
  title: 'Replicas may all run on one node',
  aliases: ['kube-linter/no-anti-affinity'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'When the node fails all replicas fail with it.',
  remediation: 'Add a podAntiAffinity on kubernetes.io/hostname for the labels of the Pods',
  urls: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/'],
  example: {
    good: deployment({
      pod: [
        'affinity:',
        '  podAntiAffinity:',
        '    preferredDuringSchedulingIgnoredDuringExecution:',
        '      - weight: 100',
        '        podAffinityTerm:',
        '          topologyKey: kubernetes.io/hostname',
        '          labelSelector: { matchLabels: { app: web } }',
      ],
    }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(antiAffinityTemplate, 'kube-linter-no-anti-affinity', { minReplicas: 2 }),
});
