// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { missingResource } from '../../polaris/resources.ts';

export const polarisMemoryRequestsMissing = defineManifestCheck({
  id: 'polaris-memory-requests-missing',
  title: 'A container has no memory request',
  aliases: ['polaris/memoryRequestsMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'The scheduler does not know what the container needs and packs the node too full.',
  remediation: 'Set resources.requests.memory',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: {
    good: deployment({ container: ['resources: { requests: { memory: 512Mi } }'] }),
    bad: deployment(),
  },
  run: missingResource('requests', 'memory', {
    value: '512Mi',
    comment: 'TODO: set this to the memory the workload needs',
  }),
});
