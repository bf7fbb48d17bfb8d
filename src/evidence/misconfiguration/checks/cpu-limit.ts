// SPDX-License-Identifier: Apache-2.0
import { missingResourceFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const cpuLimit = defineManifestCheck({
  id: 'cpu-limit',
  title: 'Has no CPU limit',
  aliases: ['KSV-0011'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'One container can take all processors of a node from the others.',
  remediation: 'Set resources.limits.cpu',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: { good: podWithContainer('resources: { limits: { cpu: 500m } }'), bad: podWithContainer('image: web') },
  run: (resource) => missingResourceFaults(resource, 'limits', 'cpu'),
});
