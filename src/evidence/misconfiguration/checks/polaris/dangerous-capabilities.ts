// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { capabilityNames } from '../../polaris/security.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

const dangerous: readonly string[] = ['ALL', 'SYS_ADMIN', 'NET_ADMIN'];

export const polarisDangerousCapabilities = defineManifestCheck({
  id: 'polaris-dangerous-capabilities',
  title: 'A container adds ALL, SYS_ADMIN or NET_ADMIN',
  aliases: ['CIS-5.2.9', 'polaris/dangerousCapabilities'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'With these capabilities a container changes the node and its network.',
  remediation: 'Remove them from capabilities.add',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment(),
    bad: deployment({ container: ['securityContext: { capabilities: { add: [SYS_ADMIN] } }'] }),
  },
  run: perPolarisContainer((container) => {
    const found = capabilityNames(container, 'add').find((name) => dangerous.includes(name));
    if (found === undefined) return undefined;
    const at = [...container.at, 'securityContext', 'capabilities', 'add'];
    return {
      message: `the container ${container.name} adds the capability ${found}`,
      at,
      wanted: [{ at, value: undefined }],
    };
  }),
});
