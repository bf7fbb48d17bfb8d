// SPDX-License-Identifier: Apache-2.0
import { asObject, asString } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
const written: readonly string[] = ['auth-url', 'auth-tls-match-cn', 'mirror-target', 'mirror-host'];

/** In an address what no address may hold; in the name of a certificate also what ends a directive of nginx. */
function isDangerous(value: string): boolean {
  if (/[\r\n]/.test(value)) return true;
  if (/^https?:\/\//.test(value)) return /[<>"{}|^`\\]/.test(value);
  return value.includes('CN=') && /[#{};|]/.test(value);
}

function ingressWith(address: string): string {
  return [
    'apiVersion: networking.k8s.io/v1',
    'kind: Ingress',
    'metadata:',
    '  name: web',
    '  annotations:',
    `    nginx.ingress.kubernetes.io/auth-url: "${address}"`,
    'spec: { ingressClassName: nginx }',
    '',
  ].join('\n');
}

export const ingressNginxInjection = defineManifestCheck({
  id: 'ingress-nginx-injection',
  title: 'An annotation of ingress-nginx can be broken out of',
  aliases: ['KCV-0093'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'ingress-nginx writes some annotations into its configuration; line breaks and braces in them run code in the controller (CVE-2025-1974 and its family).',
  remediation: 'Remove control characters, quotes, braces and bars from the annotation, and update ingress-nginx',
  urls: ['https://kubernetes.io/blog/2025/03/24/ingress-nginx-cve-2025-1974/'],
  example: { good: ingressWith('https://auth.example/check'), bad: ingressWith('http://auth.example/#;\\ninjected') },
  kinds: ['Ingress'],
  run: ({ object }) => {
    const metadata = asObject(object['metadata']);
    const annotations = asObject(metadata?.['annotations']) ?? {};
    const name = asString(asObject(object['spec'])?.['ingressClassName']) ?? asString(annotations[classAnnotation]);
    if (name?.toLowerCase() !== 'nginx') return [];
    return written.flatMap((annotation) => {
      const key = `nginx.ingress.kubernetes.io/${annotation}`;
      const value = annotations[key];
      if (typeof value !== 'string' || !isDangerous(value)) return [];
      return [
        {
          message: `the annotation ${annotation} holds characters that leave its place`,
          at: ['metadata', 'annotations', key],
        },
      ];
    });
  },
});
