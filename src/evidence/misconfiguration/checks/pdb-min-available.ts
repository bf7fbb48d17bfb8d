// SPDX-License-Identifier: Apache-2.0

import { budgetMinAvailableTemplate } from '../kube-linter/budget-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const pdbMinAvailable = defineManifestCheck({
  id: 'pdb-min-available',
  title: 'A disruption budget wants all replicas',
  aliases: ['kube-linter/pdb-min-available'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'Nodes cannot be drained, so they are not patched.',
  remediation: 'Set minAvailable below the number of replicas',
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  minAvailable: 3
`,
  },
  kinds: ['PodDisruptionBudget'],
  run: builtIn(budgetMinAvailableTemplate, 'pdb-min-available'),
});
