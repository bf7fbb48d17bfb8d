// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { runAsNonRootTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterRunAsNonRoot = defineManifestCheck({
  id: 'kube-linter-run-as-non-root',
  title: 'A container may run as root',
  aliases: ['CIS-5.2.7', 'kube-linter/run-as-non-root'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'Root in a container is root on the node as soon as anything lets it out.',
  remediation: 'Set runAsNonRoot to true, and runAsUser and runAsGroup to numbers above 0',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  example: {
    good: deployment({ pod: ['securityContext: { runAsNonRoot: true }'] }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(runAsNonRootTemplate, 'kube-linter-run-as-non-root'),
});
