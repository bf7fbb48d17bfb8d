// SPDX-License-Identifier: Apache-2.0
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { hostMountsTemplate } from '../kube-linter/pod-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterDockerSock = defineManifestCheck({
  id: 'kube-linter-docker-sock',
  title: 'A container has the socket of the container runtime',
  aliases: ['kube-linter/docker-sock'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'Whoever talks to the socket starts privileged containers and so owns the node.',
  remediation: 'Remove the volume and its mount',
  urls: [],
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
      volumes: [{ name: host, hostPath: { path: /var/lib/shop } }]
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
          volumeMounts: [{ name: host, mountPath: /host }]
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
      volumes: [{ name: host, hostPath: { path: /var/run/docker.sock } }]
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
          volumeMounts: [{ name: host, mountPath: /host }]
`,
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(hostMountsTemplate, 'kube-linter-docker-sock', { dirs: ['docker.sock$'] }),
});
