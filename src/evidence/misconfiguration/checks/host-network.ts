// SPDX-License-Identifier: Apache-2.0
import { podFlagFaults } from '../container-faults.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const hostNetwork = defineManifestCheck({
  id: 'host-network',
  title: 'Shares the network of the node',
  aliases: ['CIS-5.2.5', 'KSV-0009'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'The Pod sees all traffic of the node, reaches services on its loopback and is not held by network policies.',
  remediation: 'Remove hostNetwork or set it to false',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: { good: podWith('hostNetwork: false'), bad: podWith('hostNetwork: true') },
  run: (resource) => podFlagFaults(resource, 'hostNetwork', 'the Pod shares the network of the node'),
});
