// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { allVerbs, faultsOfRules, rbacGoodPractices } from '../rbac-rules.ts';

export const roleClusterWildcardResource = defineManifestCheck({
  id: 'role-cluster-wildcard-resource',
  title: 'May use every resource of the cluster',
  aliases: ['CIS-5.1.3', 'KSV-0046'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Every resource includes Secrets, roles and nodes, and those that will be added later.',
  remediation: 'Name the resources that are needed',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('ClusterRole', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('ClusterRole', '{ apiGroups: ["*"], resources: ["*"], verbs: [get] }'),
  },
  kinds: ['ClusterRole'],
  run: (resource) => faultsOfRules(resource, { resources: ['*'], verbs: allVerbs }),
});
