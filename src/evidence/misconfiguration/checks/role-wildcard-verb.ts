// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds } from '../rbac-rules.ts';

const important: readonly string[] = [
  'secrets',
  'pods',
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicationcontrollers',
  'replicasets',
  'cronjobs',
  'jobs',
  'roles',
  'clusterroles',
  'rolebindings',
  'clusterrolebindings',
  'users',
  'groups',
];

export const roleWildcardVerb = defineManifestCheck({
  id: 'role-wildcard-verb',
  title: 'May do everything with an important resource',
  aliases: ['CIS-5.1.3', 'KSV-0045'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'The asterisk includes verbs such as impersonate, escalate and bind, and verbs that will be added later.',
  remediation: 'Name the verbs that are needed',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [pods], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [pods], verbs: ["*"] }'),
  },
  kinds: roleKinds,
  run: (resource) => faultsOfRules(resource, { resources: important, verbs: ['*'] }),
});
