// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { privilegedTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterPrivilegedContainer = defineManifestCheck({
  id: 'kube-linter-privileged-container',
  title: 'A container is privileged',
  aliases: ['CIS-5.2.2', 'kube-linter/privileged-container'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'A privileged container is root on the node.',
  remediation: 'Remove privileged',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['securityContext: { privileged: false }'] }),
    bad: deployment({ container: ['securityContext: { privileged: true }'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(privilegedTemplate, 'kube-linter-privileged-container'),
});
