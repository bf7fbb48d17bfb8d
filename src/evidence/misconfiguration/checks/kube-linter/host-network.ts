// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { hostNetworkTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterHostNetwork = defineManifestCheck({
  id: 'kube-linter-host-network',
  title: 'Pods share the network of the node',
  aliases: ['CIS-5.2.5', 'kube-linter/host-network'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'A container sees the traffic of the node and reaches services that listen on localhost.',
  remediation: 'Remove hostNetwork',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  example: {
    good: deployment({ pod: ['hostNetwork: false'] }),
    bad: deployment({ pod: ['hostNetwork: true'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(hostNetworkTemplate, 'kube-linter-host-network'),
});
