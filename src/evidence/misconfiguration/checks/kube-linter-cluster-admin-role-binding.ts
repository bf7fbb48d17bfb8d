// SPDX-License-Identifier: Apache-2.0
import { clusterAdminBindingTemplate } from '../kube-linter/role-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterClusterAdminRoleBinding = defineManifestCheck({
  id: 'kube-linter-cluster-admin-role-binding',
  title: 'cluster-admin is bound to somebody',
  aliases: ['CIS-5.1.1', 'kube-linter/cluster-admin-role-binding'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'The role may do everything in every namespace, so one stolen token is the whole cluster.',
  remediation: 'Bind a role with the rights that are needed',
  urls: ['https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles'],
  example: {
    good: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: web }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
    bad: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: web }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`,
  },
  kinds: ['ClusterRoleBinding'],
  run: builtIn(clusterAdminBindingTemplate, 'kube-linter-cluster-admin-role-binding'),
});
