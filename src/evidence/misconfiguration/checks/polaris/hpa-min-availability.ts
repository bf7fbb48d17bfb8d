// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../../formats/document.ts';
import { autoscaler } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const polarisHpaMinAvailability = defineManifestCheck({
  id: 'polaris-hpa-min-availability',
  title: 'An autoscaler goes below two replicas',
  aliases: ['polaris/hpaMinAvailability'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'One failure takes the service down.',
  remediation: 'Set minReplicas to 2 or more',
  urls: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  example: {
    good: autoscaler({ minReplicas: 2 }),
    bad: autoscaler({ minReplicas: 1 }),
  },
  kinds: ['HorizontalPodAutoscaler'],
  run: ({ object }) => {
    const least = asObject(object['spec'])?.['minReplicas'];
    if (least === undefined || (typeof least === 'number' && Number.isInteger(least) && least >= 2)) return [];
    return [{ message: 'the autoscaler goes below two replicas', at: ['spec', 'minReplicas'] }];
  },
});
