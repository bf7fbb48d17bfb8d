// SPDX-License-Identifier: Apache-2.0
import { roleWith } from '../../example-manifests.ts';
import { wildcardRulesTemplate } from '../../kube-linter/role-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterWildcardInRules = defineManifestCheck({
  id: 'kube-linter-wildcard-in-rules',
  title: 'A role has a wildcard in its rules',
  aliases: ['CIS-5.1.3', 'kube-linter/wildcard-in-rules'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'The role grows with every API that is installed later.',
  remediation: 'Name the resources and verbs',
  urls: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  example: {
    good: roleWith('Role', "{ apiGroups: [''], resources: [pods], verbs: [get] }"),
    bad: roleWith('Role', "{ apiGroups: [''], resources: ['*'], verbs: [get] }"),
  },
  kinds: ['ClusterRole', 'Role'],
  run: builtIn(wildcardRulesTemplate, 'kube-linter-wildcard-in-rules'),
});
