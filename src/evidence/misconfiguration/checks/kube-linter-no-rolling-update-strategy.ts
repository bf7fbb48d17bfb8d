// SPDX-License-Identifier: Apache-2.0
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { builtIn } from '../kube-linter/template.ts';
import { updateConfigurationTemplate } from '../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const kubeLinterNoRollingUpdateStrategy = defineManifestCheck({
  id: 'kube-linter-no-rolling-update-strategy',
  title: 'A workload is not updated step by step',
  aliases: ['kube-linter/no-rolling-update-strategy'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'All Pods stop before the new ones are proved to work.',
  remediation: 'Set the type of the strategy to RollingUpdate',
  urls: [],
  example: {
    good: `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 3
  strategy: { type: RollingUpdate }
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
  strategy: { type: Recreate }
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
  run: builtIn(updateConfigurationTemplate, 'kube-linter-no-rolling-update-strategy', {
    strategyTypeRegex: '^(RollingUpdate|Rolling)$',
  }),
});
