// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { grantedBy, rbacGoodPractices, roleKinds, rulesOf } from '../rbac-rules.ts';

const apiGroups: readonly string[] = ['*', 'rbac.authorization.k8s.io'];
const resources: readonly string[] = ['rolebindings'];

export const roleExtendBindings = defineManifestCheck({
  id: 'role-extend-bindings',
  title: 'May add users to bindings',
  aliases: ['KSV-0055'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Who reads and patches bindings gives the rights of the bound roles to others.',
  remediation: 'Remove patch on rolebindings',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [rolebindings], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [rolebindings], verbs: [get, patch] }'),
  },
  kinds: roleKinds,
  run: (resource) =>
    rulesOf(resource)
      .filter((rule) => ['get', 'patch'].every((verb) => grantedBy(rule, { apiGroups, resources, verbs: [verb] })))
      .map(({ at }) => ({ message: 'a rule allows to add subjects to rolebindings', at })),
});
