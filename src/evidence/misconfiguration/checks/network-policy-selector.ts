// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';

function hasSelector(item: unknown): boolean {
  const object = asObject(item);
  return asObject(object?.['podSelector']) !== undefined || asObject(object?.['namespaceSelector']) !== undefined;
}

function policyWith(member: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: web }\nspec:\n  ${member}\n`;
}

export const networkPolicySelector = defineManifestCheck({
  id: 'network-policy-selector',
  title: 'The network policy selects nothing',
  aliases: ['CIS-5.3.2', 'KSV-0038'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'A policy without selectors does not say whose traffic it is about.',
  remediation: 'Name the Pods with podSelector, and the peers with podSelector or namespaceSelector',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  example: {
    good: policyWith('podSelector: { matchLabels: { app: web } }'),
    bad: policyWith('ingress: [{ ports: [{ port: 80 }] }]'),
  },
  kinds: ['NetworkPolicy'],
  run: ({ object }) => {
    const spec = asObject(object['spec']);
    const peers = [
      ...asArray(spec?.['ingress']).flatMap((rule) => asArray(asObject(rule)?.['from'])),
      ...asArray(spec?.['egress']).flatMap((rule) => asArray(asObject(rule)?.['to'])),
    ];
    if ([spec, ...peers].some(hasSelector)) return [];
    return [{ message: 'it has neither podSelector nor namespaceSelector', at: ['spec'] }];
  },
});
