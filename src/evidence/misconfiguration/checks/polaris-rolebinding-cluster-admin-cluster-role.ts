// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import {
  allowsEverything,
  boundRoleFaults,
  isCompleteReference,
  isDefaultName,
  roleReferenceOf,
} from '../polaris/security.ts';

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
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
    bad: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules:
  - { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
  },
  kinds: ['RoleBinding'],
  run: (binding, set) => {
    const reference = roleReferenceOf(binding);
    if (isDefaultName(binding.name ?? '') || reference.kind === 'Role') return [];
    if (!isCompleteReference(reference) || reference.kind !== 'ClusterRole')
      return [{ message: 'the role that is bound cannot be told', at: ['roleRef'] }];
    if (reference.name === 'cluster-admin')
      return [{ message: 'binds cluster-admin, which may do everything', at: ['roleRef'] }];
    return boundRoleFaults(binding, set, { isUnwanted: allowsEverything, words: 'allows everything' });
  },
});
