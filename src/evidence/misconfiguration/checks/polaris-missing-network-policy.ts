// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { hasPolicyFor } from '../polaris/network-policy.ts';
import { perPolarisPod } from '../polaris/view.ts';

export const polarisMissingNetworkPolicy = defineManifestCheck({
  id: 'polaris-missing-network-policy',
  title: 'No NetworkPolicy with rules for both directions selects the Pods',
  aliases: ['CIS-5.3.2', 'polaris/missingNetworkPolicy'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Pods that no policy selects talk to everything, and everything talks to them.',
  remediation: 'Add a NetworkPolicy with ingress and egress rules for a label of the Pods',
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
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ podSelector: {} }] }]
  egress: [{ to: [{ podSelector: {} }] }]
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
  run: perPolarisPod(({ template, templateAt, resource }, set) =>
    template === undefined || hasPolicyFor(template, resource, set)
      ? []
      : [
          {
            message: 'no NetworkPolicy with ingress and egress rules selects the Pods',
            at: [...templateAt, 'metadata'],
          },
        ],
  ),
});
