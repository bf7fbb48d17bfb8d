// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { missingProbe } from '../polaris/probes.ts';

export const polarisLivenessProbeMissing = defineManifestCheck({
  id: 'polaris-liveness-probe-missing',
  title: 'A container has no liveness probe',
  aliases: ['polaris/livenessProbeMissing'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'A container that hangs is not restarted.',
  remediation: 'Add a livenessProbe that asks the application itself',
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
          livenessProbe: { httpGet: { path: /, port: 8080 } }
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
  run: missingProbe('livenessProbe', 'liveness'),
});
