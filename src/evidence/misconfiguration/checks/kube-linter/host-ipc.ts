// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { hostIpcTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterHostIpc = defineManifestCheck({
  id: 'kube-linter-host-ipc',
  title: 'Pods share the shared memory of the node',
  aliases: ['CIS-5.2.4', 'kube-linter/host-ipc'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'A container reads and writes the shared memory of everything on the node.',
  remediation: 'Remove hostIPC',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ pod: ['hostIPC: false'] }),
    bad: deployment({ pod: ['hostIPC: true'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(hostIpcTemplate, 'kube-linter-host-ipc'),
});
