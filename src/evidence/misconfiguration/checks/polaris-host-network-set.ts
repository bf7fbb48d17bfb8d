// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { hostNamespace } from '../polaris/host.ts';

export const polarisHostNetworkSet = defineManifestCheck({
  id: 'polaris-host-network-set',
  title: 'Pods share the network of the node',
  aliases: ['CIS-5.2.5', 'polaris/hostNetworkSet'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A container sees the traffic of the node and reaches services that listen on localhost.',
  remediation: 'Remove hostNetwork',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
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
      hostNetwork: true
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
`,
  },
  run: hostNamespace('hostNetwork', 'shares the network of the node'),
});
