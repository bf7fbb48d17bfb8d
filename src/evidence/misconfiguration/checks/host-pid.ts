// SPDX-License-Identifier: Apache-2.0
import { podFlagFaults } from '../container-faults.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const hostPid = defineManifestCheck({
  id: 'host-pid',
  title: 'Shares the processes of the node',
  aliases: ['CIS-5.2.3', 'KSV-0010'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Programs see, and with a capability control, every process on the node and read the environment of others.',
  remediation: 'Remove hostPID or set it to false',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: { good: podWith('hostPID: false'), bad: podWith('hostPID: true') },
  run: (resource) => podFlagFaults(resource, 'hostPID', 'the Pod shares the process namespace of the node'),
});
