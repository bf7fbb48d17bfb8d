// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { perPolarisContainer } from '../polaris/view.ts';

export const polarisHostPortSet = defineManifestCheck({
  id: 'polaris-host-port-set',
  title: 'A container takes a port of the node',
  aliases: ['polaris/hostPortSet'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'The port is reachable from outside of the cluster past every Service and NetworkPolicy.',
  remediation: 'Remove hostPort and use a Service',
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
          ports: [{ containerPort: 8080 }]
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
          ports: [{ containerPort: 8080, hostPort: 80 }]
`,
  },
  run: perPolarisContainer(({ name, container, at }) => {
    const places = asArray(container['ports']).flatMap((item, index) =>
      asObject(item)?.['hostPort'] === undefined ? [] : [[...at, 'ports', index, 'hostPort']],
    );
    const [first] = places;
    if (first === undefined) return undefined;
    const wanted = places.map((place) => ({ at: place, value: undefined }));
    return { message: `the container ${name} takes a port of the node`, at: first, wanted };
  }),
});
