// SPDX-License-Identifier: Apache-2.0
import { whereWorkloads } from '../kube-linter/cautious.ts';
import { danglingAutoscalerTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingHorizontalpodautoscaler = defineManifestCheck({
  id: 'dangling-horizontalpodautoscaler',
  title: 'An autoscaler scales a workload that is not there',
  aliases: ['kube-linter/dangling-horizontalpodautoscaler'],
  profiles: ['landwaiter'],
  severity: 'low',
  why: 'An autoscaler without a target never scales, and nobody notices before the load comes.',
  remediation: 'Correct scaleTargetRef, or remove the autoscaler',
  urls: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
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
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: wev }
`,
  },
  kinds: ['HorizontalPodAutoscaler'],
  run: whereWorkloads(builtIn(danglingAutoscalerTemplate, 'dangling-horizontalpodautoscaler')),
});
