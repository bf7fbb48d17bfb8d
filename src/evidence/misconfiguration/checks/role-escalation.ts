// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds } from '../rbac-rules.ts';

export const roleEscalation = defineManifestCheck({
  id: 'role-escalation',
  title: 'May give itself more rights',
  aliases: ['CIS-5.1.8', 'KSV-0050'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'escalate, bind and impersonate get round the rule that nobody may give what they do not have.',
  remediation: 'Remove escalate, bind and impersonate',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [roles], verbs: [create] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [roles], verbs: [escalate] }'),
  },
  kinds: roleKinds,
  run: (resource) =>
    faultsOfRules(resource, {
      resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
      verbs: ['escalate', 'bind', 'impersonate'],
    }),
});
