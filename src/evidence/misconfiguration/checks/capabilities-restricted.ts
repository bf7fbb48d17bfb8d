// SPDX-License-Identifier: Apache-2.0
// Trivy only: capabilities-kept and capability-added say the same one by one.
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { capabilitiesOf } from '../workload.ts';

export const capabilitiesRestricted = defineManifestCheck({
  id: 'capabilities-restricted',
  title: 'Has capabilities outside the restricted standard',
  aliases: ['KSV-0106'],
  profiles: ['trivy'],
  severity: 'low',
  why: 'The restricted standard leaves a container NET_BIND_SERVICE at most.',
  remediation: 'Drop ALL and add nothing but NET_BIND_SERVICE',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: {
    good: podWithContainer('securityContext: { capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }'),
    bad: podWithContainer('securityContext: { capabilities: { drop: [ALL], add: [CHOWN] } }'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container) => {
      const at = [...container.at, 'securityContext', 'capabilities'];
      if (!capabilitiesOf(container, 'drop').includes('ALL'))
        return { message: 'does not drop all capabilities', at: [...at, 'drop'] };
      const added = capabilitiesOf(container, 'add').filter((name) => name !== 'NET_BIND_SERVICE');
      if (added.length === 0) return undefined;
      return { message: `adds the capabilities ${added.slice(0, 20).join(', ')}`, at: [...at, 'add'] };
    }),
});
