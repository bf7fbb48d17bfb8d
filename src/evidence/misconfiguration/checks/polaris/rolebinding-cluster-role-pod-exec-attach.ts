// SPDX-License-Identifier: Apache-2.0

import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { execInPods, roleBindingOf } from '../../polaris/roles.ts';

export const polarisRolebindingClusterRolePodExecAttach = defineManifestCheck({
  id: 'polaris-rolebinding-cluster-role-pod-exec-attach',
  title: 'A RoleBinding of a ClusterRole allows to run commands in Pods',
  aliases: ['polaris/rolebindingClusterRolePodExecAttach'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Whoever runs commands in a Pod has its secrets and its rights.',
  remediation: 'Bind a role without pods/exec and pods/attach',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: manifests(
      roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
      accountBinding('RoleBinding', 'ClusterRole'),
    ),
    bad: manifests(
      roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods/exec], verbs: [create] }"),
      accountBinding('RoleBinding', 'ClusterRole'),
    ),
  },
  kinds: ['RoleBinding'],
  run: roleBindingOf('ClusterRole', execInPods),
});
