// SPDX-License-Identifier: Apache-2.0
import { podFlagFaults } from '../container-faults.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const hostIpc = defineManifestCheck({
  id: 'host-ipc',
  title: 'Shares the IPC namespace of the node',
  aliases: ['CIS-5.2.4', 'KSV-0008'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Programs can read and write the shared memory of every process on the node.',
  remediation: 'Remove hostIPC or set it to false',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: { good: podWith('hostIPC: false'), bad: podWith('hostIPC: true') },
  run: (resource) => podFlagFaults(resource, 'hostIPC', 'the Pod shares the IPC namespace of the node'),
});
