// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { bindingFaults, rbacGoodPractices, roleKinds } from '../rbac-rules.ts';

export const roleBindRoles = defineManifestCheck({
  id: 'role-bind-roles',
  title: 'May bind any role in its namespace',
  aliases: ['KSV-0051'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Who creates bindings and may bind every role can make anybody an administrator.',
  remediation: 'Limit bind to the roles that are needed with resourceNames',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create] }'),
    bad: roleWith(
      'Role',
      '{ apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create] }',
      '{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: ["*"] }',
    ),
  },
  kinds: roleKinds,
  run: (resource) => bindingFaults(resource, 'rolebindings'),
});
