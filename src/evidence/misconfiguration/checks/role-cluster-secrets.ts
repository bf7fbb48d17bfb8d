// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { allVerbs, faultsOfRules, rbacGoodPractices } from '../rbac-rules.ts';

export const roleClusterSecrets = defineManifestCheck({
  id: 'role-cluster-secrets',
  title: 'May use every Secret of the cluster',
  aliases: ['CIS-5.1.2', 'KSV-0041'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Among the Secrets of a cluster are tokens of accounts that may do everything.',
  remediation: 'Remove secrets from the rule, or give a Role in the one namespace that needs it',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('ClusterRole', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('ClusterRole', '{ apiGroups: ["*"], resources: [secrets], verbs: [get] }'),
  },
  kinds: ['ClusterRole'],
  run: (resource) => faultsOfRules(resource, { resources: ['secrets'], verbs: allVerbs }),
});
