// SPDX-License-Identifier: Apache-2.0
import { bindingWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { bindingKinds, rbacGoodPractices, subjectFaults } from '../rbac-rules.ts';

export const bindingAuthenticated = defineManifestCheck({
  id: 'binding-authenticated',
  title: 'A role is bound to everybody who is logged in',
  aliases: ['KSV-01011'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Every user and every service account of the cluster gets the role.',
  remediation: 'Bind the role to the groups that need it',
  urls: [rbacGoodPractices],
  example: { good: bindingWith('view', 'Group', 'readers'), bad: bindingWith('view', 'Group', 'system:authenticated') },
  kinds: bindingKinds,
  run: (resource) => subjectFaults(resource, ['system:authenticated']),
});
