// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { capabilityNames } from '../../polaris/security.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

/** What container runtimes give without being asked, and NET_ADMIN. */
const defaults: readonly string[] = [
  'NET_ADMIN',
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
];

export const polarisInsecureCapabilities = defineManifestCheck({
  id: 'polaris-insecure-capabilities',
  title: 'A container keeps capabilities it was not asked to have',
  aliases: ['CIS-5.2.9', 'polaris/insecureCapabilities'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'The default capabilities are more than most programs need, and each is a way out.',
  remediation: 'Drop ALL in capabilities',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['securityContext: { capabilities: { drop: [ALL] } }'] }),
    bad: deployment(),
  },
  run: perPolarisContainer((container) => {
    const dropped = capabilityNames(container, 'drop');
    // One or the other, as Polaris has it: ALL beside the whole list is not accepted.
    if (dropped.includes('ALL') !== defaults.every((name) => dropped.includes(name))) return undefined;
    const at = [...container.at, 'securityContext', 'capabilities'];
    const message = `the container ${container.name} does not drop all capabilities`;
    return { message, at, wanted: [{ at, value: { drop: ['ALL'] } }] };
  }),
});
