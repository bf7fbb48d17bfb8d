// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { faultsOfRules, rbacGoodPractices, roleKinds } from '../rbac-rules.ts';

export const roleNodeProxy = defineManifestCheck({
  id: 'role-node-proxy',
  title: 'May talk to kubelets directly',
  aliases: ['CIS-5.1.10', 'KSV-0047'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Through nodes/proxy commands run in every Pod of a node, past audit logs and admission.',
  remediation: 'Remove nodes/proxy from the rule',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: ["*"], resources: [nodes/proxy], verbs: [create] }'),
  },
  kinds: roleKinds,
  run: (resource) => faultsOfRules(resource, { resources: ['nodes/proxy'], verbs: ['get', 'create'] }),
});
