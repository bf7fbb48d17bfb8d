// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { missingProbe } from '../../polaris/probes.ts';

export const polarisLivenessProbeMissing = defineManifestCheck({
  id: 'polaris-liveness-probe-missing',
  title: 'A container has no liveness probe',
  aliases: ['polaris/livenessProbeMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'A container that hangs is not restarted.',
  remediation: 'Add a livenessProbe that asks the application itself',
  urls: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  example: {
    good: deployment({ container: ['livenessProbe: { httpGet: { path: /, port: 8080 } }'] }),
    bad: deployment(),
  },
  run: missingProbe('livenessProbe', 'liveness'),
});
