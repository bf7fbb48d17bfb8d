// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const ingressWithoutTls = defineManifestCheck({
  id: 'ingress-without-tls',
  title: 'An Ingress has no TLS',
  aliases: ['polaris/tlsSettingsMissing'],
  profiles: ['landwaiter', 'polaris'],
  severity: 'medium',
  why: 'Requests and their cookies and passwords can be read and changed on the way.',
  remediation: 'Add tls with a certificate for the hosts',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  example: {
    good: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  tls: [{ hosts: [shop.example.com], secretName: web-tls }]
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: web, port: { number: 80 } } }
`,
    bad: `apiVersion: networking.k8s.io/v1
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
  },
  kinds: ['Ingress'],
  run: ({ object }) =>
    Array.isArray(asObject(object['spec'])?.['tls'])
      ? []
      : [{ message: 'the Ingress serves its hosts without TLS', at: ['spec', 'tls'] }],
});
