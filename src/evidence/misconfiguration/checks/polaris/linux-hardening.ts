// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { isHardened } from '../../polaris/hardening.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

export const polarisLinuxHardening = defineManifestCheck({
  id: 'polaris-linux-hardening',
  title: 'A container uses neither AppArmor nor seccomp, SELinux or dropped capabilities',
  aliases: ['polaris/linuxHardening'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Without any of them every system call of the kernel can be attacked.',
  remediation: 'Set a seccompProfile of type RuntimeDefault and drop all capabilities',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['securityContext: { seccompProfile: { type: RuntimeDefault } }'] }),
    bad: deployment(),
  },
  run: perPolarisContainer((container, view) =>
    isHardened(container, view)
      ? undefined
      : {
          message: `the container ${container.name} uses neither AppArmor, seccomp, SELinux nor dropped capabilities`,
          at: [...container.at, 'securityContext'],
        },
  ),
});
