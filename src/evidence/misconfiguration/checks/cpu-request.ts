// SPDX-License-Identifier: Apache-2.0
import { missingResourceFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const cpuRequest = defineManifestCheck({
  id: 'cpu-request',
  title: 'Has no CPU request',
  aliases: ['KSV-0015'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'The scheduler cannot place a Pod well without knowing what it needs.',
  remediation: 'Set resources.requests.cpu',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: { good: podWithContainer('resources: { requests: { cpu: 500m } }'), bad: podWithContainer('image: web') },
  run: (resource) => missingResourceFaults(resource, 'requests', 'cpu'),
});
