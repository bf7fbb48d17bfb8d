// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds, writeVerbs } from '../rbac-rules.ts';

export const roleWebhooks = defineManifestCheck({
  id: 'role-webhooks',
  title: 'May change admission webhooks',
  aliases: ['CIS-5.1.12', 'KSV-0114'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'A webhook sees and changes every object that is created, Secrets included, and can switch policies off.',
  remediation: 'Remove the verbs that write on webhook configurations',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [validatingwebhookconfigurations], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [validatingwebhookconfigurations], verbs: [create] }'),
  },
  kinds: roleKinds,
  run: (resource) =>
    faultsOfRules(resource, {
      resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
      verbs: writeVerbs,
    }),
});
