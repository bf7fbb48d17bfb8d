// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { missingResource } from '../../polaris/resources.ts';

export const polarisCpuRequestsMissing = defineManifestCheck({
  id: 'polaris-cpu-requests-missing',
  title: 'A container has no cpu request',
  aliases: ['polaris/cpuRequestsMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'The scheduler does not know what the container needs and packs the node too full.',
  remediation: 'Set resources.requests.cpu',
  urls: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  example: {
    good: deployment({ container: ['resources: { requests: { cpu: 100m } }'] }),
    bad: deployment(),
  },
  run: missingResource('requests', 'cpu', { value: '100m', comment: 'TODO: set this to the CPU the workload needs' }),
});
