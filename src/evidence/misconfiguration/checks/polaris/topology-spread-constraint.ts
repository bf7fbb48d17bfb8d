// SPDX-License-Identifier: Apache-2.0
import { asArray } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisPod } from '../../polaris/view.ts';

export const polarisTopologySpreadConstraint = defineManifestCheck({
  id: 'polaris-topology-spread-constraint',
  title: 'Pods are not spread over nodes or zones',
  aliases: ['polaris/topologySpreadConstraint'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'When a node or a zone fails all replicas may fail with it.',
  remediation: 'Add topologySpreadConstraints',
  urls: ['https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/'],
  example: {
    good: deployment({
      pod: [
        'topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway }]',
      ],
    }),
    bad: deployment(),
  },
  run: perPolarisPod(
    ({ spec, specAt }) =>
      asArray(spec['topologySpreadConstraints']).length > 0
        ? []
        : [{ message: 'the Pods are not spread over nodes or zones', at: [...specAt, 'topologySpreadConstraints'] }],
    { except: ['Job', 'CronJob'] },
  ),
});
