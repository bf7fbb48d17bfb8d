// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { hostPidTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterHostPid = defineManifestCheck({
  id: 'kube-linter-host-pid',
  title: 'Pods share the processes of the node',
  aliases: ['CIS-5.2.3', 'kube-linter/host-pid'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'A container sees, traces and stops the processes of the node.',
  remediation: 'Remove hostPID',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ pod: ['hostPID: false'] }),
    bad: deployment({ pod: ['hostPID: true'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(hostPidTemplate, 'kube-linter-host-pid'),
});
