// SPDX-License-Identifier: Apache-2.0
import { resourceAccessTemplate } from '../kube-linter/role-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterAccessToCreatePods = defineManifestCheck({
  id: 'kube-linter-access-to-create-pods',
  title: 'A binding lets somebody create workloads',
  aliases: ['CIS-5.1.4', 'kube-linter/access-to-create-pods'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'Who can create Pods can run any image with any service account of the namespace.',
  remediation: 'Take the verb create on workloads out of the role, or bind it to the deployment pipeline only',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get, list] }
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
  - { apiGroups: [''], resources: [pods], verbs: [create] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
  },
  kinds: ['ClusterRoleBinding', 'RoleBinding'],
  run: builtIn(resourceAccessTemplate, 'kube-linter-access-to-create-pods', {
    resources: ['^pods$', '^deployments$', '^statefulsets$', '^replicasets$', '^cronjob$', '^jobs$', '^daemonsets$'],
    verbs: ['^create$'],
  }),
});
