// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { cpuRequirementsTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterUnsetCpuRequirements = defineManifestCheck({
  id: 'kube-linter-unset-cpu-requirements',
  title: 'A container asks for no CPU',
  aliases: ['kube-linter/unset-cpu-requirements'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'The scheduler packs the node too full, and everybody on it gets slow.',
  remediation: 'Set resources.requests.cpu',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: {
    good: deployment({ container: ['resources: { requests: { cpu: 100m } }'] }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(cpuRequirementsTemplate, 'kube-linter-unset-cpu-requirements', {
    requirementsType: 'request',
    lowerBoundMillis: 0,
    upperBoundMillis: 0,
  }),
});
