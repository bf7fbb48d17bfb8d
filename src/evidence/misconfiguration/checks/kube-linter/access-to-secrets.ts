// SPDX-License-Identifier: Apache-2.0
import { accountBinding, manifests, roleWith } from '../../example-manifests.ts';
import { resourceAccessTemplate } from '../../kube-linter/role-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

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
    good: manifests(
      roleWith('Role', "{ apiGroups: [''], resources: [configmaps], verbs: [get] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
    bad: manifests(
      roleWith('Role', "{ apiGroups: [''], resources: [secrets], verbs: [get] }"),
      accountBinding('RoleBinding', 'Role'),
    ),
  },
  kinds: ['ClusterRoleBinding', 'RoleBinding'],
  run: builtIn(resourceAccessTemplate, 'kube-linter-access-to-secrets', {
    resources: ['^secrets$'],
    verbs: ['^get$', '^list$', '^delete$', '^create$', '^watch$', '^*$'],
  }),
});
