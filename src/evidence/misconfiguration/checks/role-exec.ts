// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds, writeVerbs } from '../rbac-rules.ts';

export const roleExec = defineManifestCheck({
  id: 'role-exec',
  title: 'May run commands in Pods',
  aliases: ['KSV-0053'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'A shell in a Pod has its files, its secrets and the rights of its service account.',
  remediation: 'Remove pods/exec from the rule',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [pods/exec], verbs: [create] }'),
  },
  kinds: roleKinds,
  run: (resource) => faultsOfRules(resource, { resources: ['pods/exec'], verbs: writeVerbs }),
});
