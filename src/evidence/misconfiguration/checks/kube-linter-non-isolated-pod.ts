// SPDX-License-Identifier: Apache-2.0
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { nonIsolatedPodTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterNonIsolatedPod = defineManifestCheck({
  id: 'kube-linter-non-isolated-pod',
  title: 'No NetworkPolicy selects the Pods',
  aliases: ['CIS-5.3.2', 'kube-linter/non-isolated-pod'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Pods that no policy selects talk to everything, and everything talks to them.',
  remediation: 'Add a NetworkPolicy for the Pods',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
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
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
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
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(nonIsolatedPodTemplate, 'kube-linter-non-isolated-pod'),
});
