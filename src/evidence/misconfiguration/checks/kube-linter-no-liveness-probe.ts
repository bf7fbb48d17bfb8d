// SPDX-License-Identifier: Apache-2.0
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { livenessProbeTemplate } from '../kube-linter/port-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterNoLivenessProbe = defineManifestCheck({
  id: 'kube-linter-no-liveness-probe',
  title: 'A container has no liveness probe',
  aliases: ['kube-linter/no-liveness-probe'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'A container that hangs is not restarted.',
  remediation: 'Add a livenessProbe',
  urls: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
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
          livenessProbe: { httpGet: { path: /live, port: 8080 } }
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
  run: builtIn(livenessProbeTemplate, 'kube-linter-no-liveness-probe'),
});
