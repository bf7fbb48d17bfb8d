// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import type { SettingRule } from '../polaris/security.ts';
import { isSetWell } from '../polaris/security.ts';
import { perPolarisContainer } from '../polaris/view.ts';

const rule: SettingRule = {
  isGood: ({ runAsUser, runAsNonRoot }) => (typeof runAsUser === 'number' && runAsUser >= 1) || runAsNonRoot === true,
  isNotBad: ({ runAsUser, runAsNonRoot }) =>
    !(typeof runAsUser === 'number' && runAsUser < 1) && (runAsNonRoot === undefined || runAsNonRoot === true),
};

export const polarisRunAsRootAllowed = defineManifestCheck({
  id: 'polaris-run-as-root-allowed',
  title: 'A container may run as root',
  aliases: ['polaris/runAsRootAllowed'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Root in a container is root on the node as soon as anything lets it out.',
  remediation: 'Set runAsNonRoot to true, or runAsUser to a number above 0',
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
          securityContext: { runAsNonRoot: true }
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
          securityContext: { runAsNonRoot: false }
`,
  },
  run: perPolarisContainer((container, view) => {
    if (isSetWell(rule, container, view)) return undefined;
    const at = [...container.at, 'securityContext', 'runAsNonRoot'];
    return { message: `the container ${container.name} may run as root`, at, wanted: [{ at, value: true }] };
  }),
});
