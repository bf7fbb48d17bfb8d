// SPDX-License-Identifier: Apache-2.0
import { asString } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { perPolarisPod } from '../../polaris/view.ts';

export const polarisPriorityClassNotSet = defineManifestCheck({
  id: 'polaris-priority-class-not-set',
  title: 'Pods have no priority class',
  aliases: ['polaris/priorityClassNotSet'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'When a node is full, nobody has decided which Pods have to go first.',
  remediation: 'Set priorityClassName',
  urls: ['https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/'],
  example: {
    good: deployment({ pod: ['priorityClassName: shop'] }),
    bad: deployment(),
  },
  run: perPolarisPod(({ spec, specAt }) => {
    if ((asString(spec['priorityClassName']) ?? '') !== '') return [];
    const at = [...specAt, 'priorityClassName'];
    return [{ message: 'the Pods have no priority class', at, wanted: [{ at, value: 'high-priority' }] }];
  }),
});
