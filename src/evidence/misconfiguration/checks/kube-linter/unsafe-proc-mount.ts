// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { unsafeProcMountTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterUnsafeProcMount = defineManifestCheck({
  id: 'kube-linter-unsafe-proc-mount',
  title: 'A container sees all of /proc',
  aliases: ['kube-linter/unsafe-proc-mount'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'Without the mask the container reads and changes settings of the kernel.',
  remediation: 'Remove procMount, or set it to Default',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['securityContext: { procMount: Default }'] }),
    bad: deployment({ container: ['securityContext: { procMount: Unmasked }'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(unsafeProcMountTemplate, 'kube-linter-unsafe-proc-mount'),
});
