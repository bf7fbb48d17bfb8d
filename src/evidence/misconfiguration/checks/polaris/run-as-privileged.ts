// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

export const polarisRunAsPrivileged = defineManifestCheck({
  id: 'polaris-run-as-privileged',
  title: 'A container is privileged',
  aliases: ['CIS-5.2.2', 'polaris/runAsPrivileged'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A privileged container is root on the node.',
  remediation: 'Remove privileged',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment(),
    bad: deployment({ container: ['securityContext: { privileged: true }'] }),
  },
  run: perPolarisContainer(({ name, securityContext, at }) => {
    if (securityContext['privileged'] !== true) return undefined;
    const place = [...at, 'securityContext', 'privileged'];
    return { message: `the container ${name} is privileged`, at: place, wanted: [{ at: place, value: false }] };
  }),
});
