// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import type { SettingRule } from '../../polaris/security.ts';
import { containersWithout } from '../../polaris/security.ts';

const rule: SettingRule = {
  isGood: ({ runAsUser, runAsNonRoot }) => (typeof runAsUser === 'number' && runAsUser >= 1) || runAsNonRoot === true,
  isNotBad: ({ runAsUser, runAsNonRoot }) =>
    !(typeof runAsUser === 'number' && runAsUser < 1) && (runAsNonRoot === undefined || runAsNonRoot === true),
  member: 'runAsNonRoot',
  value: true,
};

export const polarisRunAsRootAllowed = defineManifestCheck({
  id: 'polaris-run-as-root-allowed',
  title: 'A container may run as root',
  aliases: ['polaris/runAsRootAllowed'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Root in a container is root on the node as soon as anything lets it out.',
  remediation: 'Set runAsNonRoot to true, or runAsUser to a number above 0',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['securityContext: { runAsNonRoot: true }'] }),
    bad: deployment({ container: ['securityContext: { runAsNonRoot: false }'] }),
  },
  run: containersWithout(rule, 'may run as root'),
});
