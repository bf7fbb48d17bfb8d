// SPDX-License-Identifier: Apache-2.0

import { deployment, manifests, networkPolicy } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { hasPolicyFor } from '../../polaris/network-policy.ts';
import { perPolarisPod } from '../../polaris/view.ts';

export const polarisMissingNetworkPolicy = defineManifestCheck({
  id: 'polaris-missing-network-policy',
  title: 'No NetworkPolicy with rules for both directions selects the Pods',
  aliases: ['CIS-5.3.2', 'polaris/missingNetworkPolicy'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Pods that no policy selects talk to everything, and everything talks to them.',
  remediation: 'Add a NetworkPolicy with ingress and egress rules for a label of the Pods',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  example: {
    good: manifests(
      deployment(),
      networkPolicy({
        types: 'Ingress, Egress',
        rules: ['ingress: [{ from: [{ podSelector: {} }] }]', 'egress: [{ to: [{ podSelector: {} }] }]'],
      }),
    ),
    bad: deployment(),
  },
  run: perPolarisPod(({ template, templateAt, resource }, set) =>
    template === undefined || hasPolicyFor(template, resource, set)
      ? []
      : [
          {
            message: 'no NetworkPolicy with ingress and egress rules selects the Pods',
            at: [...templateAt, 'metadata'],
          },
        ],
  ),
});
