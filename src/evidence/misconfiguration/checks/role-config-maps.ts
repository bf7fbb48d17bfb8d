// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds, writeVerbs } from '../rbac-rules.ts';

export const roleConfigMaps = defineManifestCheck({
  id: 'role-config-maps',
  title: 'May change ConfigMaps',
  aliases: ['KSV-0049'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Programs read their behaviour from ConfigMaps; who changes those changes the programs.',
  remediation: 'Remove the verbs that write, or limit them with resourceNames',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [configmaps], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [configmaps], verbs: [update] }'),
  },
  kinds: roleKinds,
  run: (resource) => faultsOfRules(resource, { resources: ['configmaps'], verbs: writeVerbs }),
});
