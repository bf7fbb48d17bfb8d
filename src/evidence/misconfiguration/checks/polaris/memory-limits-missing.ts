// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { missingResource } from '../../polaris/resources.ts';

export const polarisMemoryLimitsMissing = defineManifestCheck({
  id: 'polaris-memory-limits-missing',
  title: 'A container has no memory limit',
  aliases: ['polaris/memoryLimitsMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'One container can take what the others on the node need.',
  remediation: 'Set resources.limits.memory',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: {
    good: deployment({ container: ['resources: { limits: { memory: 512Mi } }'] }),
    bad: deployment(),
  },
  run: missingResource('limits', 'memory', {
    value: '512Mi',
    comment: 'TODO: set this to the most memory the workload may use',
  }),
});
