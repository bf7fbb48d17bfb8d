// SPDX-License-Identifier: Apache-2.0

import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { clusterRoleBindingOf, execInPods } from '../../polaris/roles.ts';

export const polarisClusterrolebindingPodExecAttach = defineManifestCheck({
  id: 'polaris-clusterrolebinding-pod-exec-attach',
  title: 'A ClusterRoleBinding allows to run commands in Pods',
  aliases: ['polaris/clusterrolebindingPodExecAttach'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Whoever runs commands in a Pod has its secrets and its rights.',
  remediation: 'Bind a role without pods/exec and pods/attach',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: manifests(
      roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
      accountBinding('ClusterRoleBinding', 'ClusterRole'),
    ),
    bad: manifests(
      roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods/exec], verbs: [create] }"),
      accountBinding('ClusterRoleBinding', 'ClusterRole'),
    ),
  },
  kinds: ['ClusterRoleBinding'],
  run: clusterRoleBindingOf(execInPods),
});
