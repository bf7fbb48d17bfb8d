// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { missingProbe } from '../polaris/probes.ts';

export const polarisReadinessProbeMissing = defineManifestCheck({
  id: 'polaris-readiness-probe-missing',
  title: 'A container has no readiness probe',
  aliases: ['polaris/readinessProbeMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Traffic reaches the container before it can answer.',
  remediation: 'Add a readinessProbe that asks the application itself',
  urls: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
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
          readinessProbe: { httpGet: { path: /, port: 8080 } }
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
  run: missingProbe('readinessProbe', 'readiness'),
});
