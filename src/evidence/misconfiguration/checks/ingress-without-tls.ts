// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { ingressTo } from '../example-manifests.ts';
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
    good: ingressTo('web', 'tls: [{ hosts: [shop.example.com], secretName: web-tls }]'),
    bad: ingressTo('web'),
  },
  kinds: ['Ingress'],
  run: ({ object }) =>
    Array.isArray(asObject(object['spec'])?.['tls'])
      ? []
      : [{ message: 'the Ingress serves its hosts without TLS', at: ['spec', 'tls'] }],
});
