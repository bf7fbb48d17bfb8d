// SPDX-License-Identifier: Apache-2.0

import { builtIn } from '../kube-linter/template.ts';
import { autoscalerReplicasTemplate } from '../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterHpaMinimumThreeReplicas = defineManifestCheck({
  id: 'kube-linter-hpa-minimum-three-replicas',
  title: 'An autoscaler goes below three replicas',
  aliases: ['kube-linter/hpa-minimum-three-replicas'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'With fewer than three replicas one failure during an update takes the service down.',
  remediation: 'Raise minReplicas to 3',
  urls: [],
  example: {
    good: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec:
  minReplicas: 3
  maxReplicas: 6
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
`,
    bad: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec:
  minReplicas: 2
  maxReplicas: 6
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
`,
  },
  kinds: ['HorizontalPodAutoscaler'],
  run: builtIn(autoscalerReplicasTemplate, 'kube-linter-hpa-minimum-three-replicas', { minReplicas: 3 }),
});
