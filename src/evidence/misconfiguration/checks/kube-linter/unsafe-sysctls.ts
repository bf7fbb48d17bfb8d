// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { unsafeSysctlsTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterUnsafeSysctls = defineManifestCheck({
  id: 'kube-linter-unsafe-sysctls',
  title: 'Pods change kernel parameters that are not safe',
  aliases: ['kube-linter/unsafe-sysctls'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'Parameters of the kernel reach beyond the Pod and can stop the node.',
  remediation: 'Remove the sysctls from the securityContext of the Pod',
  urls: ['https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/'],
  example: {
    good: deployment({ pod: ["securityContext: { sysctls: [{ name: user.max_user_namespaces, value: '0' }] }"] }),
    bad: deployment({ pod: ["securityContext: { sysctls: [{ name: kernel.msgmax, value: '65536' }] }"] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(unsafeSysctlsTemplate, 'kube-linter-unsafe-sysctls', {
    unsafeSysCtls: ['kernel.msg', 'kernel.sem', 'kernel.shm', 'fs.mqueue.', 'net.'],
  }),
});
