// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { securitySetting } from '../workload.ts';

export const privilegedContainer = defineManifestCheck({
  id: 'privileged-container',
  title: 'Is privileged',
  aliases: ['CIS-5.2.2', 'KSV-0017'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'A privileged container has every capability and all devices: it is root on the node.',
  remediation: 'Remove securityContext.privileged and add the one capability that is needed',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWithContainer('securityContext: { privileged: false }'),
    bad: podWithContainer('securityContext: { privileged: true }'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container, pod) => {
      const { value, at } = securitySetting(pod, container, 'privileged');
      return value === true ? { message: 'is privileged', at, wanted: [{ at, value: false }] } : undefined;
    }),
});
