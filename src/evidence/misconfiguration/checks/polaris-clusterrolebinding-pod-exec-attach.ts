// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import {
  allowsExec,
  boundRoleFaults,
  isCompleteReference,
  isDefaultName,
  roleReferenceOf,
} from '../polaris/security.ts';

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
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
    bad: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules:
  - { apiGroups: [''], resources: [pods/exec], verbs: [create] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
  },
  kinds: ['ClusterRoleBinding'],
  run: (binding, set) => {
    const reference = roleReferenceOf(binding);
    if (isDefaultName(binding.name ?? '', ['cluster-admin']) || reference.name === 'view') return [];
    if (!isCompleteReference(reference) || reference.kind !== 'ClusterRole')
      return [{ message: 'the role that is bound cannot be told', at: ['roleRef'] }];
    return boundRoleFaults(binding, set, { isUnwanted: allowsExec, words: 'allows to run commands in Pods' });
  },
});
