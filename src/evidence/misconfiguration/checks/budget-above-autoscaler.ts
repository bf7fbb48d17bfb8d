// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { budgetOverScaler } from '../polaris/budget.ts';

export const budgetAboveAutoscaler = defineManifestCheck({
  id: 'budget-above-autoscaler',
  title: 'A disruption budget wants more Pods than the autoscaler keeps',
  aliases: ['polaris/pdbMinAvailableGreaterThanHPAMinReplicas'],
  profiles: ['landwaiter', 'polaris'],
  severity: 'medium',
  why: 'When the load is low no Pod may go, so nodes cannot be drained.',
  remediation: 'Set minAvailable below minReplicas of the autoscaler',
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
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec:
  minReplicas: 3
  maxReplicas: 6
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  minAvailable: 2
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
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec:
  minReplicas: 3
  maxReplicas: 6
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  minAvailable: 4
`,
  },
  kinds: ['Deployment'],
  run: budgetOverScaler,
});
