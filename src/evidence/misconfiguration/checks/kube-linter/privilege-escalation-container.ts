// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { privilegeEscalationTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterPrivilegeEscalationContainer = defineManifestCheck({
  id: 'kube-linter-privilege-escalation-container',
  title: 'A container may gain privileges',
  aliases: ['CIS-5.2.6', 'kube-linter/privilege-escalation-container'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'A process can become more than it was started as, up to root.',
  remediation: 'Set allowPrivilegeEscalation and privileged to false and do not add SYS_ADMIN',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  example: {
    good: deployment({ container: ['securityContext: { allowPrivilegeEscalation: false }'] }),
    bad: deployment({ container: ['securityContext: { allowPrivilegeEscalation: true }'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(privilegeEscalationTemplate, 'kube-linter-privilege-escalation-container'),
});
