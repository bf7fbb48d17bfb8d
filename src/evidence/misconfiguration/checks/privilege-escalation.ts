// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { securitySetting } from '../workload.ts';

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
    faultsOfContainers(resource, (container, pod) => {
      const { value, at } = securitySetting(pod, container, 'allowPrivilegeEscalation');
      if (value === false) return undefined;
      return { message: 'may gain more privileges than its parent', at, wanted: [{ at, value: false }] };
    }),
});
