// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { polarisViewOf, relatedOf } from '../polaris/view.ts';

export const polarisMissingPodDisruptionBudget = defineManifestCheck({
  id: 'polaris-missing-pod-disruption-budget',
  title: 'No PodDisruptionBudget is for the Deployment',
  aliases: ['polaris/missingPodDisruptionBudget'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Draining nodes can stop all replicas at once.',
  remediation: 'Add a PodDisruptionBudget with a label of the Pods',
  urls: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
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
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  minAvailable: 1
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
  kinds: ['Deployment'],
  run: (resource, set) => {
    const view = polarisViewOf(resource);
    if (view === undefined) return [];
    const spec = asObject(asObject(resource.object['spec'])?.['template']);
    const labels = Object.entries(asObject(asObject(spec?.['metadata'])?.['labels']) ?? {});
    const hasBudget = relatedOf('PodDisruptionBudget', resource, set).some((budget) => {
      const selector = asObject(asObject(asObject(budget.object['spec'])?.['selector'])?.['matchLabels']);
      return selector !== undefined && labels.some(([key, value]) => selector[key] === value);
    });
    if (hasBudget) return [];
    return [{ message: 'no PodDisruptionBudget is for the Pods', at: ['spec', 'template', 'metadata'] }];
  },
});
