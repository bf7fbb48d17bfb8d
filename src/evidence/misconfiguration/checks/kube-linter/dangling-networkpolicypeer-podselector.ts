// SPDX-License-Identifier: Apache-2.0
import { deployment, manifests, networkPolicy } from '../../example-manifests.ts';
import { danglingPeerTemplate } from '../../kube-linter/reference-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDanglingNetworkpolicypeerPodselector = defineManifestCheck({
  id: 'kube-linter-dangling-networkpolicypeer-podselector',
  title: 'A rule of a NetworkPolicy is about Pods that are not there',
  aliases: ['kube-linter/dangling-networkpolicypeer-podselector'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'A rule that matches nobody blocks the traffic it was written to allow.',
  remediation: 'Make the podSelector of the rule match the labels of the Pods that may talk',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  example: {
    good: manifests(
      deployment(),
      networkPolicy({ rules: ['ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]'] }),
    ),
    bad: manifests(
      deployment(),
      networkPolicy({ rules: ['ingress: [{ from: [{ podSelector: { matchLabels: { app: front } } }] }]'] }),
    ),
  },
  kinds: ['NetworkPolicy'],
  run: builtIn(danglingPeerTemplate, 'kube-linter-dangling-networkpolicypeer-podselector'),
});
