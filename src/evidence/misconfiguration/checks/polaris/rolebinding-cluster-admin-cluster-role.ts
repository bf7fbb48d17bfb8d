// SPDX-License-Identifier: Apache-2.0

import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { everyRight, roleBindingOf } from '../../polaris/roles.ts';

export const polarisRolebindingClusterAdminClusterRole = defineManifestCheck({
  id: 'polaris-rolebinding-cluster-admin-cluster-role',
  title: 'A RoleBinding of a ClusterRole gives every right in a namespace',
  aliases: ['polaris/rolebindingClusterAdminClusterRole'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'One stolen token is the whole namespace.',
  remediation: 'Bind a role with the rights that are needed',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: manifests(
      roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
      accountBinding('RoleBinding', 'ClusterRole'),
    ),
    bad: manifests(
      roleWith('ClusterRole', "{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }"),
      accountBinding('RoleBinding', 'ClusterRole'),
    ),
  },
  kinds: ['RoleBinding'],
  run: roleBindingOf('ClusterRole', everyRight),
});
