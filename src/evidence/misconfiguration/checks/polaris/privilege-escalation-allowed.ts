// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { containersWithout, exactly } from '../../polaris/security.ts';

export const polarisPrivilegeEscalationAllowed = defineManifestCheck({
  id: 'polaris-privilege-escalation-allowed',
  title: 'A container may gain privileges',
  aliases: ['polaris/privilegeEscalationAllowed'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A process can become more than it was started as, up to root.',
  remediation: 'Set allowPrivilegeEscalation to false',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['securityContext: { allowPrivilegeEscalation: false }'] }),
    bad: deployment(),
  },
  run: containersWithout(exactly('allowPrivilegeEscalation', false), 'may gain privileges'),
});
