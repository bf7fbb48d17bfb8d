// SPDX-License-Identifier: Apache-2.0

import { autoscaler } from '../../example-manifests.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { autoscalerReplicasTemplate } from '../../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

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
    good: autoscaler(),
    bad: autoscaler({ minReplicas: 2 }),
  },
  kinds: ['HorizontalPodAutoscaler'],
  run: builtIn(autoscalerReplicasTemplate, 'kube-linter-hpa-minimum-three-replicas', { minReplicas: 3 }),
});
