// SPDX-License-Identifier: Apache-2.0
import { danglingPeerTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterDanglingNetworkpolicypeerPodselector = defineManifestCheck({
  id: 'kube-linter-dangling-networkpolicypeer-podselector',
  title: 'A rule of a NetworkPolicy is about Pods that are not there',
  aliases: ['kube-linter/dangling-networkpolicypeer-podselector'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'A rule that matches nobody blocks the traffic it was written to allow.',
  remediation: 'Make the podSelector of the rule match the labels of the Pods that may talk',
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
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
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
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: front } } }]
`,
  },
  kinds: ['NetworkPolicy'],
  run: builtIn(danglingPeerTemplate, 'kube-linter-dangling-networkpolicypeer-podselector'),
});
