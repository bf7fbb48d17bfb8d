// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { bindingFaults, rbacGoodPractices, roleKinds } from '../rbac-rules.ts';

export const roleBindClusterRoles = defineManifestCheck({
  id: 'role-bind-cluster-roles',
  title: 'May bind any role in the cluster',
  aliases: ['KSV-0052'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Who creates bindings and may bind every role can make anybody an administrator.',
  remediation: 'Limit bind to the roles that are needed with resourceNames',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith(
      'Role',
      '{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create] }',
    ),
    bad: roleWith(
      'Role',
      '{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create] }',
      '{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: ["*"] }',
    ),
  },
  kinds: roleKinds,
  run: (resource) => bindingFaults(resource, 'clusterrolebindings'),
});
