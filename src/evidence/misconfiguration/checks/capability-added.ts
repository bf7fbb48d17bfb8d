// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { capabilitiesOf } from '../workload.ts';

export const capabilityAdded = defineManifestCheck({
  id: 'capability-added',
  title: 'Adds a capability',
  aliases: ['CIS-5.2.9', 'KSV-0022'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Every capability beyond the default set is a piece of root.',
  remediation: 'Remove securityContext.capabilities.add',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWithContainer('securityContext: { capabilities: { drop: [ALL] } }'),
    bad: podWithContainer('securityContext: { capabilities: { add: [SYS_TIME] } }'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container) => {
      const added = capabilitiesOf(container, 'add');
      if (added.length === 0) return undefined;
      const at = [...container.at, 'securityContext', 'capabilities', 'add'];
      return { message: `adds the capabilities ${added.slice(0, 20).join(', ')}`, at };
    }),
});
