// SPDX-License-Identifier: Apache-2.0

import { defineManifestCheck } from '../manifest-check.ts';
import { exactly, isSetWell } from '../polaris/security.ts';
import { perPolarisContainer } from '../polaris/view.ts';

const rule = exactly('allowPrivilegeEscalation', false);

export const polarisPrivilegeEscalationAllowed = defineManifestCheck({
  id: 'polaris-privilege-escalation-allowed',
  title: 'A container may gain privileges',
  aliases: ['polaris/privilegeEscalationAllowed'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'A process can become more than it was started as, up to root.',
  remediation: 'Set allowPrivilegeEscalation to false',
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
          securityContext: { allowPrivilegeEscalation: false }
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
    const at = [...container.at, 'securityContext', 'allowPrivilegeEscalation'];
    return { message: `the container ${container.name} may gain privileges`, at, wanted: [{ at, value: false }] };
  }),
});
