// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../../formats/document.ts';
import { disruptionBudget } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

function isZero(value: unknown): boolean {
  return value === 0 || value === '0%';
}

export const polarisPdbDisruptionsIsZero = defineManifestCheck({
  id: 'polaris-pdb-disruptions-is-zero',
  title: 'A disruption budget allows no disruption',
  aliases: ['polaris/pdbDisruptionsIsZero'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Nodes cannot be drained, so they are not patched.',
  remediation: 'Set maxUnavailable above 0 and minAvailable below 100%',
  urls: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  example: {
    good: disruptionBudget('minAvailable: 1'),
    bad: disruptionBudget('maxUnavailable: 0'),
  },
  kinds: ['PodDisruptionBudget'],
  run: ({ object }) => {
    const spec = asObject(object['spec']);
    const forbidden =
      spec === undefined
        ? 'spec'
        : spec['minAvailable'] === '100%'
          ? 'minAvailable'
          : isZero(spec['maxUnavailable'])
            ? 'maxUnavailable'
            : '';
    if (forbidden === '') return [];
    return [{ message: 'the budget allows no disruption', at: forbidden === 'spec' ? ['spec'] : ['spec', forbidden] }];
  },
});
