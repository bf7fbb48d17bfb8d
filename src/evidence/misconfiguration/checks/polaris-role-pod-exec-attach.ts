// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { allowsExec, isDefaultName, roleRules } from '../polaris/security.ts';

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
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
`,
    bad: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules:
  - { apiGroups: [''], resources: [pods/exec], verbs: [create] }
`,
  },
  kinds: ['Role'],
  run: (role) => {
    if (isDefaultName(role.name ?? '', [])) return [];
    const rules = roleRules(role);
    if (rules === undefined) return [{ message: 'the role has no rules that could be judged', at: ['rules'] }];
    const index = rules.findIndex(allowsExec);
    return index === -1 ? [] : [{ message: 'a rule allows to run commands in Pods', at: ['rules', index] }];
  },
});
