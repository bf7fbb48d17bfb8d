// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { minimumReplicasTemplate } from '../../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterMinimumThreeReplicas = defineManifestCheck({
  id: 'kube-linter-minimum-three-replicas',
  title: 'A workload has fewer than three replicas',
  aliases: ['kube-linter/minimum-three-replicas'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'With fewer than three replicas one failure during an update takes the service down.',
  remediation: 'Set replicas to 3 or more',
  urls: [],
  example: {
    good: deployment(),
    bad: deployment({ replicas: 2 }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(minimumReplicasTemplate, 'kube-linter-minimum-three-replicas', { minReplicas: 3 }),
});
