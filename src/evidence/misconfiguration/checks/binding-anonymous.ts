// SPDX-License-Identifier: Apache-2.0
import { bindingWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { bindingKinds, rbacGoodPractices, subjectFaults } from '../rbac-rules.ts';

export const bindingAnonymous = defineManifestCheck({
  id: 'binding-anonymous',
  title: 'A role is bound to anonymous users',
  aliases: ['KSV-0122'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Anybody who reaches the API server gets the role without logging in.',
  remediation: 'Remove the subject from the binding',
  urls: [rbacGoodPractices],
  example: { good: bindingWith('view', 'User', 'jane'), bad: bindingWith('view', 'User', 'system:anonymous') },
  kinds: bindingKinds,
  run: (resource) => subjectFaults(resource, ['system:anonymous', 'system:unauthenticated']),
});
