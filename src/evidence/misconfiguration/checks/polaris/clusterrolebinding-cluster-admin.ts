// SPDX-License-Identifier: Apache-2.0

import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { clusterRoleBindingOf, everyRight } from '../../polaris/roles.ts';

export const polarisClusterrolebindingClusterAdmin = defineManifestCheck({
  id: 'polaris-clusterrolebinding-cluster-admin',
  title: 'A ClusterRoleBinding gives every right',
  aliases: ['polaris/clusterrolebindingClusterAdmin'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'One stolen token is the whole cluster.',
  remediation: 'Bind a role with the rights that are needed',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: manifests(
      roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
      accountBinding('ClusterRoleBinding', 'ClusterRole'),
    ),
    bad: manifests(
      roleWith('ClusterRole', "{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }"),
      accountBinding('ClusterRoleBinding', 'ClusterRole'),
    ),
  },
  kinds: ['ClusterRoleBinding'],
  run: clusterRoleBindingOf(everyRight),
});
