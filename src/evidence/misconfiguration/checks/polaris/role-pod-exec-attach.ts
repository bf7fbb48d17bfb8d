// SPDX-License-Identifier: Apache-2.0

import { roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { execInPods, roleWithRight } from '../../polaris/roles.ts';

export const polarisRolePodExecAttach = defineManifestCheck({
  id: 'polaris-role-pod-exec-attach',
  title: 'A Role allows to run commands in Pods',
  aliases: ['polaris/rolePodExecAttach'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Whoever runs commands in a Pod has its secrets and its rights.',
  remediation: 'Take pods/exec and pods/attach out of the role',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: roleWith('Role', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
    bad: roleWith('Role', "{ apiGroups: [''], resources: [pods/exec], verbs: [create] }"),
  },
  kinds: ['Role'],
  run: roleWithRight(execInPods),
});
