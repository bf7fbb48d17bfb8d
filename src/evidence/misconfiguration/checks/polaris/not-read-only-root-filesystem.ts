// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { containersWithout, exactly } from '../../polaris/security.ts';

export const polarisNotReadOnlyRootFilesystem = defineManifestCheck({
  id: 'polaris-not-read-only-root-filesystem',
  title: 'A container can write to its own file system',
  aliases: ['polaris/notReadOnlyRootFilesystem'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Whoever breaks in can change the program and leave tools behind.',
  remediation: 'Set readOnlyRootFilesystem to true and mount what must be written',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ container: ['securityContext: { readOnlyRootFilesystem: true }'] }),
    bad: deployment(),
  },
  run: containersWithout(exactly('readOnlyRootFilesystem', true), 'can write to its own file system'),
});
