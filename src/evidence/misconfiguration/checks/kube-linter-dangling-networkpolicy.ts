// SPDX-License-Identifier: Apache-2.0
import { danglingNetworkPolicyTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterDanglingNetworkpolicy = defineManifestCheck({
  id: 'kube-linter-dangling-networkpolicy',
  title: 'A NetworkPolicy selects no Pod',
  aliases: ['kube-linter/dangling-networkpolicy'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'A policy with a mistake in its selector protects nothing while it looks as if it did.',
  remediation: 'Make podSelector match the labels of the Pods it is meant for',
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
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: wev } }
  policyTypes: [Ingress]
`,
  },
  kinds: ['NetworkPolicy'],
  run: builtIn(danglingNetworkPolicyTemplate, 'kube-linter-dangling-networkpolicy'),
});
