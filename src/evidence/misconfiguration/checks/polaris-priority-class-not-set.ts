// SPDX-License-Identifier: Apache-2.0
import { asString } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { perPolarisPod } from '../polaris/view.ts';

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
    good: `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      priorityClassName: shop
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
`,
    bad: `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
`,
  },
  run: perPolarisPod(({ spec, specAt }) => {
    if ((asString(spec['priorityClassName']) ?? '') !== '') return [];
    const at = [...specAt, 'priorityClassName'];
    return [{ message: 'the Pods have no priority class', at, wanted: [{ at, value: 'high-priority' }] }];
  }),
});
