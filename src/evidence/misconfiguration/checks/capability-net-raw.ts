// SPDX-License-Identifier: Apache-2.0
import { addedCapabilityFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const capabilityNetRaw = defineManifestCheck({
  id: 'capability-net-raw',
  title: 'Adds the capability NET_RAW',
  aliases: ['KSV-0119'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'NET_RAW lets a program send packets with false addresses and listen to those of others.',
  remediation: 'Remove NET_RAW from securityContext.capabilities.add',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWithContainer('securityContext: { capabilities: { add: [NET_BIND_SERVICE] } }'),
    bad: podWithContainer('securityContext: { capabilities: { add: [NET_RAW] } }'),
  },
  run: (resource) => addedCapabilityFaults(resource, 'NET_RAW'),
});
