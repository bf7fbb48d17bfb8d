// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisPod } from '../../polaris/view.ts';

export const polarisProcMount = defineManifestCheck({
  id: 'polaris-proc-mount',
  title: 'A container sees all of /proc',
  aliases: ['polaris/procMount'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Without the mask the container reads and changes settings of the kernel.',
  remediation: 'Remove procMount, or set it to Default',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment(),
    bad: deployment({ container: ['securityContext: { procMount: Unmasked }'] }),
  },
  run: perPolarisPod(({ containers }) =>
    containers
      .filter(({ isInit, securityContext }) => !isInit && (securityContext['procMount'] ?? 'Default') !== 'Default')
      .map(({ name, at }) => ({
        message: `the container ${name} does not have the default mask of /proc`,
        at: [...at, 'securityContext', 'procMount'],
      })),
  ),
});
