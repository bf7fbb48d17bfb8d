// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { exactly, isSetWell } from '../polaris/security.ts';
import { perPolarisContainer } from '../polaris/view.ts';

const rule = exactly('readOnlyRootFilesystem', true);

export const polarisNotReadOnlyRootFilesystem = defineManifestCheck({
  id: 'polaris-not-read-only-root-filesystem',
  title: 'A container can write to its own file system',
  aliases: ['polaris/notReadOnlyRootFilesystem'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Whoever breaks in can change the program and leave tools behind.',
  remediation: 'Set readOnlyRootFilesystem to true and mount what must be written',
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
          securityContext: { readOnlyRootFilesystem: true }
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
  run: perPolarisContainer((container, view) => {
    if (isSetWell(rule, container, view)) return undefined;
    const at = [...container.at, 'securityContext', 'readOnlyRootFilesystem'];
    return {
      message: `the container ${container.name} can write to its own file system`,
      at,
      wanted: [{ at, value: true }],
    };
  }),
});
