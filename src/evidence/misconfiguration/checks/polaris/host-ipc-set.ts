// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { hostNamespace } from '../../polaris/host.ts';

export const polarisHostIpcSet = defineManifestCheck({
  id: 'polaris-host-ipc-set',
  title: 'Pods share the shared memory of the node',
  aliases: ['CIS-5.2.4', 'polaris/hostIPCSet'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A container reads and writes the shared memory of everything on the node.',
  remediation: 'Remove hostIPC',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment(),
    bad: deployment({ pod: ['hostIPC: true'] }),
  },
  run: hostNamespace('hostIPC', 'shares the shared memory of the node'),
});
