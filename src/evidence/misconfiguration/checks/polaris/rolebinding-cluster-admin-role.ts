// SPDX-License-Identifier: Apache-2.0

import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { everyRight, roleBindingOf } from '../../polaris/roles.ts';

export const polarisRolebindingClusterAdminRole = defineManifestCheck({
  id: 'polaris-rolebinding-cluster-admin-role',
  title: 'A RoleBinding of a Role gives every right in a namespace',
  aliases: ['polaris/rolebindingClusterAdminRole'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'One stolen token is the whole namespace.',
  remediation: 'Bind a role with the rights that are needed',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: manifests(
      roleWith('Role', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
    bad: manifests(
      roleWith('Role', "{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
  },
  kinds: ['RoleBinding'],
  run: roleBindingOf('Role', everyRight),
});
