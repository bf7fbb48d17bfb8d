// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import {
  allowsExec,
  boundRoleFaults,
  isCompleteReference,
  isDefaultName,
  roleReferenceOf,
} from '../polaris/security.ts';

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
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
    bad: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules:
  - { apiGroups: [''], resources: [pods/exec], verbs: [create] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
  },
  kinds: ['RoleBinding'],
  run: (binding, set) => {
    const reference = roleReferenceOf(binding);
    if (isDefaultName(binding.name ?? '') || reference.kind === 'ClusterRole') return [];
    if (!isCompleteReference(reference) || reference.kind !== 'Role')
      return [{ message: 'the role that is bound cannot be told', at: ['roleRef'] }];
    return boundRoleFaults(binding, set, { isUnwanted: allowsExec, words: 'allows to run commands in Pods' });
  },
});
