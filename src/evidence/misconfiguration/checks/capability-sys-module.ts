// SPDX-License-Identifier: Apache-2.0
import { addedCapabilityFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const capabilitySysModule = defineManifestCheck({
  id: 'capability-sys-module',
  title: 'Adds the capability SYS_MODULE',
  aliases: ['KSV-0120'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'SYS_MODULE lets a program load kernel modules, which is full control of the node.',
  remediation: 'Remove SYS_MODULE from securityContext.capabilities.add',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWithContainer('securityContext: { capabilities: { add: [NET_BIND_SERVICE] } }'),
    bad: podWithContainer('securityContext: { capabilities: { add: [SYS_MODULE] } }'),
  },
  run: (resource) => addedCapabilityFaults(resource, 'SYS_MODULE'),
});
