// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds } from '../rbac-rules.ts';

export const roleImpersonateGroups = defineManifestCheck({
  id: 'role-impersonate-groups',
  title: 'May act as any group',
  aliases: ['KSV-0043'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Acting as system:masters gives every right.',
  remediation: 'Remove impersonate on groups, or limit it with resourceNames',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [groups], verbs: [impersonate] }'),
  },
  kinds: roleKinds,
  run: (resource) => faultsOfRules(resource, { apiGroups: ['*', ''], resources: ['groups'], verbs: ['impersonate'] }),
});
