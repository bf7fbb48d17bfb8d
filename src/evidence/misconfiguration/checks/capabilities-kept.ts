// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { capabilitiesOf } from '../workload.ts';

export const capabilitiesKept = defineManifestCheck({
  id: 'capabilities-kept',
  title: 'Keeps capabilities that it was given by default',
  aliases: ['CIS-5.2.8', 'KSV-0003'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'The default capabilities let a program open raw sockets and change owners of files, which few programs need.',
  remediation: 'Add ALL to securityContext.capabilities.drop, and give back what the program needs',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: {
    good: podWithContainer('securityContext: { capabilities: { drop: [ALL] } }'),
    bad: podWithContainer('securityContext: { capabilities: { drop: [KILL] } }'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container) => {
      if (capabilitiesOf(container, 'drop').includes('ALL')) return undefined;
      const at = [...container.at, 'securityContext', 'capabilities', 'drop'];
      return { message: 'does not drop all capabilities', at, wanted: [{ at, value: ['ALL'] }] };
    }),
});
