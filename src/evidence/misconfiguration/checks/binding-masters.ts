// SPDX-License-Identifier: Apache-2.0
import { bindingWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { bindingKinds, rbacGoodPractices, subjectFaults } from '../rbac-rules.ts';

export const bindingMasters = defineManifestCheck({
  id: 'binding-masters',
  title: 'A role is bound to system:masters',
  aliases: ['CIS-5.1.7', 'KSV-0123'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Members of system:masters pass every authorization, and no policy can take that back.',
  remediation: 'Bind the role to a group of your own',
  urls: [rbacGoodPractices],
  example: { good: bindingWith('view', 'Group', 'readers'), bad: bindingWith('view', 'Group', 'system:masters') },
  kinds: bindingKinds,
  run: (resource) => subjectFaults(resource, ['system:masters']),
});
