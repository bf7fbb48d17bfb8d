// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { grantedBy, rbacGoodPractices, roleKinds, rulesOf } from '../rbac-rules.ts';

const apiGroups: readonly string[] = ['*', ''];

export const roleAttach = defineManifestCheck({
  id: 'role-attach',
  title: 'May attach to processes in Pods',
  aliases: ['KSV-0054'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Attaching reads what a process writes and writes to its input.',
  remediation: 'Remove pods/attach from the rule',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith(
      'Role',
      '{ apiGroups: ["*"], resources: [pods/attach], verbs: [create] }',
      '{ apiGroups: ["*"], resources: [pods], verbs: [get] }',
    ),
  },
  kinds: roleKinds,
  run: (resource) => {
    const rules = rulesOf(resource);
    const seesPods = rules.some((rule) => grantedBy(rule, { apiGroups, resources: ['pods'], verbs: ['get'] }));
    if (!seesPods) return [];
    return rules
      .filter((rule) => grantedBy(rule, { apiGroups, resources: ['pods/attach'], verbs: ['create'] }))
      .map(({ at }) => ({ message: 'a rule allows to attach to Pods', at }));
  },
});
