// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { missingResource } from '../../polaris/resources.ts';

export const polarisCpuLimitsMissing = defineManifestCheck({
  id: 'polaris-cpu-limits-missing',
  title: 'A container has no cpu limit',
  aliases: ['polaris/cpuLimitsMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'One container can take what the others on the node need.',
  remediation: 'Set resources.limits.cpu',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: {
    good: deployment({ container: ['resources: { limits: { cpu: 100m } }'] }),
    bad: deployment(),
  },
  run: missingResource('limits', 'cpu', {
    value: '100m',
    comment: 'TODO: set this to the most CPU the workload may use',
  }),
});
