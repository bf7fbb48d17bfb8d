// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { missingProbe } from '../../polaris/probes.ts';

export const polarisReadinessProbeMissing = defineManifestCheck({
  id: 'polaris-readiness-probe-missing',
  title: 'A container has no readiness probe',
  aliases: ['polaris/readinessProbeMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Traffic reaches the container before it can answer.',
  remediation: 'Add a readinessProbe that asks the application itself',
  urls: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  example: {
    good: deployment({ container: ['readinessProbe: { httpGet: { path: /, port: 8080 } }'] }),
    bad: deployment(),
  },
  run: missingProbe('readinessProbe', 'readiness'),
});
