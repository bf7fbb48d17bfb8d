// SPDX-License-Identifier: Apache-2.0

import { roleWith } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { execInPods, roleWithRight } from '../../polaris/roles.ts';

export const polarisClusterrolePodExecAttach = defineManifestCheck({
  id: 'polaris-clusterrole-pod-exec-attach',
  title: 'A ClusterRole allows to run commands in Pods',
  aliases: ['polaris/clusterrolePodExecAttach'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Whoever runs commands in a Pod has its secrets and its rights.',
  remediation: 'Take pods/exec and pods/attach out of the role',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
    bad: roleWith('ClusterRole', "{ apiGroups: [''], resources: [pods/exec], verbs: [create] }"),
  },
  kinds: ['ClusterRole'],
  run: roleWithRight(execInPods, ['admin', 'cluster-admin', 'edit']),
});
