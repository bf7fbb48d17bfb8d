// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { hostNamespace } from '../../polaris/host.ts';

export const polarisHostNetworkSet = defineManifestCheck({
  id: 'polaris-host-network-set',
  title: 'Pods share the network of the node',
  aliases: ['CIS-5.2.5', 'polaris/hostNetworkSet'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A container sees the traffic of the node and reaches services that listen on localhost.',
  remediation: 'Remove hostNetwork',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment(),
    bad: deployment({ pod: ['hostNetwork: true'] }),
  },
  run: hostNamespace('hostNetwork', 'shares the network of the node'),
});
