// SPDX-License-Identifier: Apache-2.0
// Trivy only: capabilities-kept asks for more and includes this.
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { capabilitiesOf } from '../workload.ts';

export const capabilitiesNoneDropped = defineManifestCheck({
  id: 'capabilities-none-dropped',
  title: 'Drops no capability at all',
  aliases: ['KSV-0004'],
  profiles: ['trivy'],
  severity: 'low',
  why: 'A container that drops nothing was most likely never looked at for what it needs.',
  remediation: 'Add at least one capability, better ALL, to securityContext.capabilities.drop',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: {
    good: podWithContainer('securityContext: { capabilities: { drop: [KILL] } }'),
    bad: podWithContainer('image: web'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container) => {
      if (capabilitiesOf(container, 'drop').length > 0) return undefined;
      return { message: 'drops no capability', at: [...container.at, 'securityContext', 'capabilities', 'drop'] };
    }),
});
