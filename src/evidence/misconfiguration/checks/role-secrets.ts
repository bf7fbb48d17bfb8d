// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { allVerbs, faultsOfRules, rbacGoodPractices } from '../rbac-rules.ts';

export const roleSecrets = defineManifestCheck({
  id: 'role-secrets',
  title: 'May use every Secret of its namespace',
  aliases: ['CIS-5.1.2', 'KSV-0113'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Among the Secrets of a namespace may be tokens of accounts with more rights.',
  remediation: 'Remove secrets from the rule, or limit it with resourceNames',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [secrets], verbs: [get] }'),
  },
  kinds: ['Role'],
  run: (resource) => faultsOfRules(resource, { resources: ['secrets'], verbs: allVerbs }),
});
