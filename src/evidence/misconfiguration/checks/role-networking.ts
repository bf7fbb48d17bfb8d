// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds, writeVerbs } from '../rbac-rules.ts';

export const roleNetworking = defineManifestCheck({
  id: 'role-networking',
  title: 'May change where traffic goes',
  aliases: ['KSV-0056'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Who changes Services, endpoints or policies can read the traffic of others or open what was closed.',
  remediation: 'Leave only get, list and watch on network resources',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [services], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [services], verbs: [create] }'),
  },
  kinds: roleKinds,
  run: (resource) =>
    faultsOfRules(resource, {
      resources: ['services', 'endpoints', 'endpointslices', 'networkpolicies', 'ingresses'],
      verbs: writeVerbs,
    }),
});
