// SPDX-License-Identifier: Apache-2.0
import { missingResourceFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const memoryRequest = defineManifestCheck({
  id: 'memory-request',
  title: 'Has no memory request',
  aliases: ['KSV-0016'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'The scheduler cannot place a Pod well without knowing what it needs, and such Pods are the first to be killed.',
  remediation: 'Set resources.requests.memory',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: { good: podWithContainer('resources: { requests: { memory: 64Mi } }'), bad: podWithContainer('image: web') },
  run: (resource) => missingResourceFaults(resource, 'requests', 'memory'),
});
