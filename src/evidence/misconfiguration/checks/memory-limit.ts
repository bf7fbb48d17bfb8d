// SPDX-License-Identifier: Apache-2.0
import { missingResourceFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const memoryLimit = defineManifestCheck({
  id: 'memory-limit',
  title: 'Has no memory limit',
  aliases: ['KSV-0018'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'A leak in one container takes the memory of the node, and others are killed for it.',
  remediation: 'Set resources.limits.memory',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: { good: podWithContainer('resources: { limits: { memory: 64Mi } }'), bad: podWithContainer('image: web') },
  run: (resource) => missingResourceFaults(resource, 'limits', 'memory'),
});
