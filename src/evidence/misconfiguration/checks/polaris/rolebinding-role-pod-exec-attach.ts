// SPDX-License-Identifier: Apache-2.0

import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { execInPods, roleBindingOf } from '../../polaris/roles.ts';

export const polarisRolebindingRolePodExecAttach = defineManifestCheck({
  id: 'polaris-rolebinding-role-pod-exec-attach',
  title: 'A RoleBinding of a Role allows to run commands in Pods',
  aliases: ['polaris/rolebindingRolePodExecAttach'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Whoever runs commands in a Pod has its secrets and its rights.',
  remediation: 'Bind a role without pods/exec and pods/attach',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: manifests(
      roleWith('Role', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
    bad: manifests(
      roleWith('Role', "{ apiGroups: [''], resources: [pods/exec], verbs: [create] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
  },
  kinds: ['RoleBinding'],
  run: roleBindingOf('Role', execInPods),
});
