// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import {
  allowsEverything,
  boundRoleFaults,
  isCompleteReference,
  isDefaultName,
  roleReferenceOf,
} from '../polaris/security.ts';

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
  - { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }
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
    return boundRoleFaults(binding, set, { isUnwanted: allowsEverything, words: 'allows everything' });
  },
});
