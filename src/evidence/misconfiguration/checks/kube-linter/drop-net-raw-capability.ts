// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { capabilitiesTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDropNetRawCapability = defineManifestCheck({
  id: 'kube-linter-drop-net-raw-capability',
  title: 'A container keeps NET_RAW',
  aliases: ['CIS-5.2.8', 'kube-linter/drop-net-raw-capability'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'With raw sockets a container can forge packets and listen to its neighbours.',
  remediation: 'Drop NET_RAW, or better ALL, in the securityContext of the container',
  urls: [],
  example: {
    good: deployment({ container: ['securityContext: { capabilities: { drop: [NET_RAW] } }'] }),
    bad: deployment({ container: ['securityContext: { capabilities: { add: [NET_RAW] } }'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(capabilitiesTemplate, 'kube-linter-drop-net-raw-capability', { forbiddenCapabilities: ['NET_RAW'] }),
});
