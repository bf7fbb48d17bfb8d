// SPDX-License-Identifier: Apache-2.0
import { accountBinding } from '../../example-manifests.ts';
import { clusterAdminBindingTemplate } from '../../kube-linter/role-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

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
    good: accountBinding('ClusterRoleBinding', 'ClusterRole', 'view'),
    bad: accountBinding('ClusterRoleBinding', 'ClusterRole', 'cluster-admin'),
  },
  kinds: ['ClusterRoleBinding'],
  run: builtIn(clusterAdminBindingTemplate, 'kube-linter-cluster-admin-role-binding'),
});
