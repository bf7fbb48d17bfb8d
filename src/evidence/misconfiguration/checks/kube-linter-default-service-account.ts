// SPDX-License-Identifier: Apache-2.0
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { serviceAccountTemplate } from '../kube-linter/pod-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterDefaultServiceAccount = defineManifestCheck({
  id: 'kube-linter-default-service-account',
  title: 'Pods run with the default service account',
  aliases: ['CIS-5.1.5', 'kube-linter/default-service-account'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Rights given to the default account reach every Pod of the namespace that names no other.',
  remediation: 'Create an account for the workload, or set automountServiceAccountToken to false',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'],
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
      serviceAccountName: web
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
      serviceAccountName: default
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4
`,
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(serviceAccountTemplate, 'kube-linter-default-service-account', { serviceAccount: '^(|default)$' }),
});
