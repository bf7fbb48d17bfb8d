// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { allVerbs, faultsOfRules, rbacGoodPractices } from '../rbac-rules.ts';

export const roleWildcardResource = defineManifestCheck({
  id: 'role-wildcard-resource',
  title: 'May use every resource of its namespace',
  aliases: ['CIS-5.1.3', 'KSV-0112'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Every resource includes Secrets and roles, and those that will be added later.',
  remediation: 'Name the resources that are needed',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: ["*"], verbs: [get] }'),
  },
  kinds: ['Role'],
  run: (resource) => faultsOfRules(resource, { resources: ['*'], verbs: allVerbs }),
});
