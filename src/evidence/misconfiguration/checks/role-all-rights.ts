// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { rbacGoodPractices, roleKinds, rulesOf } from '../rbac-rules.ts';

export const roleAllRights = defineManifestCheck({
  id: 'role-all-rights',
  title: 'May do everything',
  aliases: ['CIS-5.1.3', 'KSV-0044'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'A rule of three asterisks is an administrator of the cluster or the namespace.',
  remediation: 'Name the resources and verbs that are needed',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }'),
  },
  kinds: roleKinds,
  run: (resource) =>
    rulesOf(resource)
      .filter(({ apiGroups, resources, verbs }) => [apiGroups, resources, verbs].every((list) => list.includes('*')))
      .map(({ at }) => ({ message: 'a rule allows every verb on every resource', at })),
});
