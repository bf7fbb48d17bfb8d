// SPDX-License-Identifier: Apache-2.0
import { danglingServiceTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterDanglingService = defineManifestCheck({
  id: 'kube-linter-dangling-service',
  title: 'A Service selects no Pod',
  aliases: ['kube-linter/dangling-service'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'A Service that leads nowhere fails its callers, and any Pod that gets its labels later receives the traffic.',
  remediation: 'Make the selector match the labels of the Pods, or remove the Service',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
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
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
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
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: wev }
  ports: [{ port: 80 }]
`,
  },
  kinds: ['Service'],
  run: builtIn(danglingServiceTemplate, 'kube-linter-dangling-service'),
});
