// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { grantedBy, rbacGoodPractices, roleKinds, rulesOf, writeVerbs } from '../rbac-rules.ts';

export const roleAwsAuth = defineManifestCheck({
  id: 'role-aws-auth',
  title: 'May change who AWS lets into the cluster',
  aliases: ['KSV-0115'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'The ConfigMap aws-auth maps identities of AWS to users of the cluster; who changes it makes administrators.',
  remediation: 'Remove the verbs that write on aws-auth',
  urls: [rbacGoodPractices],
  example: {
    good: roleWith('Role', '{ apiGroups: ["*"], resources: [configmaps], verbs: [get] }'),
    bad: roleWith('Role', '{ apiGroups: [""], resources: [configmaps], verbs: [update], resourceNames: [aws-auth] }'),
  },
  kinds: roleKinds,
  run: (resource) =>
    rulesOf(resource)
      .filter(
        (rule) =>
          rule.resourceNames.includes('aws-auth') &&
          grantedBy(rule, { resources: ['configmaps'], verbs: writeVerbs }) !== undefined,
      )
      .map(({ at }) => ({ message: 'a rule allows to change the ConfigMap aws-auth', at })),
});
