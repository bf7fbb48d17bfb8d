// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds } from '../rbac-rules.ts';

export const roleDeleteLogs = defineManifestCheck({
  id: 'role-delete-logs',
  title: 'May delete logs of Pods',
  aliases: ['KSV-0042'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Who deletes logs hides what was done.',
  remediation: 'Remove delete and deletecollection on pods/log',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [pods/log], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [pods/log], verbs: [delete] }'),
  },
  kinds: roleKinds,
  run: (resource) => faultsOfRules(resource, { resources: ['pods/log'], verbs: ['delete', 'deletecollection'] }),
});
