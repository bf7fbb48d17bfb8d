// SPDX-License-Identifier: Apache-2.0
import { addedCapabilityFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const capabilitySysAdmin = defineManifestCheck({
  id: 'capability-sys-admin',
  title: 'Adds the capability SYS_ADMIN',
  aliases: ['KSV-0005'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'SYS_ADMIN allows mounts, namespaces and much else: it is nearly root on the node.',
  remediation: 'Remove SYS_ADMIN from securityContext.capabilities.add',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWithContainer('securityContext: { capabilities: { add: [NET_BIND_SERVICE] } }'),
    bad: podWithContainer('securityContext: { capabilities: { add: [SYS_ADMIN] } }'),
  },
  run: (resource) => addedCapabilityFaults(resource, 'SYS_ADMIN'),
});
