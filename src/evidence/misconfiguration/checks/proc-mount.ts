// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { textOf } from '../workload.ts';

export const procMount = defineManifestCheck({
  id: 'proc-mount',
  title: 'Sees all of /proc',
  aliases: ['KSV-0027'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'The runtime masks parts of /proc because they tell about the node or change it.',
  remediation: 'Remove securityContext.procMount',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWithContainer('securityContext: { procMount: Default }'),
    bad: podWithContainer('securityContext: { procMount: Unmasked }'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container) => {
      const value = container.securityContext['procMount'];
      if (value === undefined || value === null || value === 'Default') return undefined;
      const at = [...container.at, 'securityContext', 'procMount'];
      return { message: `mounts /proc as ${textOf(value)}`, at, wanted: [{ at, value: undefined }] };
    }),
});
