// SPDX-License-Identifier: Apache-2.0
import { settingFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const writableRootFilesystem = defineManifestCheck({
  id: 'writable-root-filesystem',
  title: 'The root file system can be written',
  aliases: ['KSV-0014'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Who gets into the container can change its programs and leave tools behind.',
  remediation: 'Set securityContext.readOnlyRootFilesystem to true and mount volumes where the program writes',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  example: {
    good: podWithContainer('securityContext: { readOnlyRootFilesystem: true }'),
    bad: podWithContainer('image: web'),
  },
  run: (resource) =>
    settingFaults(resource, { member: 'readOnlyRootFilesystem', value: true }, 'can write its root file system'),
});
