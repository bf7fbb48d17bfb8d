// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { memoryRequirementsTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterUnsetMemoryRequirements = defineManifestCheck({
  id: 'kube-linter-unset-memory-requirements',
  title: 'A container has no limit of memory',
  aliases: ['kube-linter/unset-memory-requirements'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'A leak or an attack takes the memory of the whole node.',
  remediation: 'Set resources.limits.memory',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: {
    good: deployment({ container: ['resources: { limits: { memory: 128Mi } }'] }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(memoryRequirementsTemplate, 'kube-linter-unset-memory-requirements', {
    requirementsType: 'limit',
    lowerBoundMB: 0,
    upperBoundMB: 0,
  }),
});
