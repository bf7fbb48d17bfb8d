// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { dnsConfigTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDnsconfigOptions = defineManifestCheck({
  id: 'kube-linter-dnsconfig-options',
  title: 'Pods do not limit how names are searched',
  aliases: ['kube-linter/dnsconfig-options'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'With the default of five dots every outside name is first asked for in all search domains, which is slow and tells names to the cluster.',
  remediation: 'Set the option ndots to 2 in dnsConfig',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config'],
  example: {
    good: deployment({ pod: ["dnsConfig: { options: [{ name: ndots, value: '2' }] }"] }),
    bad: deployment({ pod: ['dnsPolicy: ClusterFirst'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(dnsConfigTemplate, 'kube-linter-dnsconfig-options', { key: 'ndots', value: '2' }),
});
