// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { hostNamespace } from '../../polaris/host.ts';

export const polarisHostPidSet = defineManifestCheck({
  id: 'polaris-host-pid-set',
  title: 'Pods share the processes of the node',
  aliases: ['CIS-5.2.3', 'polaris/hostPIDSet'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A container sees, traces and stops the processes of the node.',
  remediation: 'Remove hostPID',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment(),
    bad: deployment({ pod: ['hostPID: true'] }),
  },
  run: hostNamespace('hostPID', 'shares the processes of the node'),
});
