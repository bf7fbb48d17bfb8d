// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { allowsExec, isDefaultName, roleRules } from '../polaris/security.ts';

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
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
`,
    bad: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules:
  - { apiGroups: [''], resources: [pods/exec], verbs: [create] }
`,
  },
  kinds: ['ClusterRole'],
  run: (role) => {
    if (isDefaultName(role.name ?? '', ['admin', 'cluster-admin', 'edit'])) return [];
    const rules = roleRules(role);
    if (rules === undefined) return [{ message: 'the role has no rules that could be judged', at: ['rules'] }];
    const index = rules.findIndex(allowsExec);
    return index === -1 ? [] : [{ message: 'a rule allows to run commands in Pods', at: ['rules', index] }];
  },
});
