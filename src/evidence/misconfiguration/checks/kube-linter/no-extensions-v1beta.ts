// SPDX-License-Identifier: Apache-2.0
import { disallowedApiTemplate } from '../../kube-linter/object-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNoExtensionsV1beta = defineManifestCheck({
  id: 'kube-linter-no-extensions-v1beta',
  title: 'The API group extensions/v1beta1 is used',
  aliases: ['kube-linter/no-extensions-v1beta'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'It was removed in Kubernetes 1.22, so the object is not created.',
  remediation: 'Use apps/v1, networking.k8s.io/v1 or policy/v1',
  urls: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  example: {
    good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress]
`,
    bad: `apiVersion: extensions/v1beta1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress]
`,
  },
  run: builtIn(disallowedApiTemplate, 'kube-linter-no-extensions-v1beta', { group: 'extensions', version: 'v1beta.+' }),
});
