// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../../formats/document.ts';
import { autoscaler } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

export const polarisHpaMaxAvailability = defineManifestCheck({
  id: 'polaris-hpa-max-availability',
  title: 'An autoscaler has nothing to scale',
  aliases: ['polaris/hpaMaxAvailability'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'With the same minimum and maximum the number of Pods never changes.',
  remediation: 'Set maxReplicas above minReplicas',
  urls: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  example: {
    good: autoscaler(),
    bad: autoscaler({ minReplicas: 6 }),
  },
  kinds: ['HorizontalPodAutoscaler'],
  run: ({ object }) => {
    const spec = asObject(object['spec']);
    if (spec === undefined) return [];
    const { minReplicas: least, maxReplicas: most } = spec;
    const isFine = isCount(most) && (least === undefined || (isCount(least) && most > least));
    if (isFine) return [];
    return [{ message: 'maxReplicas is not above minReplicas', at: ['spec', 'maxReplicas'] }];
  },
});
