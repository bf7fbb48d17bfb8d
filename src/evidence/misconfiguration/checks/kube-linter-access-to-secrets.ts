// SPDX-License-Identifier: Apache-2.0
import { resourceAccessTemplate } from '../kube-linter/role-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterAccessToSecrets = defineManifestCheck({
  id: 'kube-linter-access-to-secrets',
  title: 'A binding lets somebody read or change Secrets',
  aliases: ['CIS-5.1.2', 'kube-linter/access-to-secrets'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'Whoever reads Secrets holds the credentials of every workload in the namespace.',
  remediation: 'Name the Secrets in resourceNames, or take them out of the role',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/#secrets'],
  example: {
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules:
  - { apiGroups: [''], resources: [configmaps], verbs: [get] }
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
  - { apiGroups: [''], resources: [secrets], verbs: [get] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
  },
  kinds: ['ClusterRoleBinding', 'RoleBinding'],
  run: builtIn(resourceAccessTemplate, 'kube-linter-access-to-secrets', {
    resources: ['^secrets$'],
    verbs: ['^get$', '^list$', '^delete$', '^create$', '^watch$', '^*$'],
  }),
});
