// SPDX-License-Identifier: Apache-2.0
import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { resourceAccessTemplate } from '../../kube-linter/role-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

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
    good: manifests(
      roleWith('Role', "{ apiGroups: [''], resources: [pods], verbs: [get, list] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
    bad: manifests(
      roleWith('Role', "{ apiGroups: [''], resources: [pods], verbs: [create] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
  },
  kinds: ['ClusterRoleBinding', 'RoleBinding'],
  run: builtIn(resourceAccessTemplate, 'kube-linter-access-to-create-pods', {
    resources: ['^pods$', '^deployments$', '^statefulsets$', '^replicasets$', '^cronjob$', '^jobs$', '^daemonsets$'],
    verbs: ['^create$'],
  }),
});
