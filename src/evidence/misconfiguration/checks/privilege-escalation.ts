// SPDX-License-Identifier: Apache-2.0
import { settingFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const privilegeEscalation = defineManifestCheck({
  id: 'privilege-escalation',
  title: 'May gain more privileges than its parent',
  aliases: ['CIS-5.2.6', 'KSV-0001'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'A program in the container can use setuid files to become root, which makes every other weakness worse.',
  remediation: 'Set securityContext.allowPrivilegeEscalation to false',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  example: {
    good: podWithContainer('securityContext: { allowPrivilegeEscalation: false }'),
    bad: podWithContainer('securityContext: { allowPrivilegeEscalation: true }'),
  },
  run: (resource) =>
    settingFaults(
      resource,
      { member: 'allowPrivilegeEscalation', value: false },
      'may gain more privileges than its parent',
    ),
});
