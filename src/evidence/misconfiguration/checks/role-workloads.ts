// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds, writeVerbs } from '../rbac-rules.ts';

const workloads: readonly string[] = [
  'pods',
  'deployments',
  'jobs',
  'cronjobs',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'replicationcontrollers',
];

export const roleWorkloads = defineManifestCheck({
  id: 'role-workloads',
  title: 'May change workloads',
  aliases: ['CIS-5.1.4', 'KSV-0048'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Who creates Pods can mount Secrets and use every service account of the namespace.',
  remediation: 'Leave only get, list and watch on workloads for those who do not deploy',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [deployments], verbs: [get, list] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [deployments], verbs: [update] }'),
  },
  kinds: roleKinds,
  run: (resource) => faultsOfRules(resource, { resources: workloads, verbs: writeVerbs }),
});
