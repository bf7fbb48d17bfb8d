// SPDX-License-Identifier: Apache-2.0
import { whereServices } from '../kube-linter/cautious.ts';
import { danglingIngressTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingIngress = defineManifestCheck({
  id: 'dangling-ingress',
  title: 'An Ingress leads to a Service or port that is not there',
  aliases: ['kube-linter/dangling-ingress'],
  profiles: ['landwaiter'],
  severity: 'low',
  why: 'A route to nothing answers errors today and belongs to whoever creates a Service of that name tomorrow.',
  remediation: 'Correct the name or port of the backend, or remove the rule',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/ingress/'],
  example: {
    good: `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: web, port: { number: 80 } } }
`,
    bad: `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: wev, port: { number: 80 } } }
`,
  },
  kinds: ['Ingress'],
  run: whereServices(builtIn(danglingIngressTemplate, 'dangling-ingress'), 'namespace'),
});
