// SPDX-License-Identifier: Apache-2.0

import { unsafeProcMountTemplate } from '../kube-linter/container-templates.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterUnsafeProcMount = defineManifestCheck({
  id: 'kube-linter-unsafe-proc-mount',
  title: 'A container sees all of /proc',
  aliases: ['kube-linter/unsafe-proc-mount'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'Without the mask the container reads and changes settings of the kernel.',
  remediation: 'Remove procMount, or set it to Default',
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
          securityContext: { procMount: Default }
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
          securityContext: { procMount: Unmasked }
`,
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(unsafeProcMountTemplate, 'kube-linter-unsafe-proc-mount'),
});
