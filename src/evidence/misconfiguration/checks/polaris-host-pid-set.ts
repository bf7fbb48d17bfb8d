// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { hostNamespace } from '../polaris/host.ts';

export const polarisHostPidSet = defineManifestCheck({
  id: 'polaris-host-pid-set',
  title: 'Pods share the processes of the node',
  aliases: ['CIS-5.2.3', 'polaris/hostPIDSet'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A container sees, traces and stops the processes of the node.',
  remediation: 'Remove hostPID',
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
      hostPID: true
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
`,
  },
  run: hostNamespace('hostPID', 'shares the processes of the node'),
});
