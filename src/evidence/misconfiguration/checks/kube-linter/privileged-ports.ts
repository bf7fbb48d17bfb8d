// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { privilegedPortsTemplate } from '../../kube-linter/port-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterPrivilegedPorts = defineManifestCheck({
  id: 'kube-linter-privileged-ports',
  title: 'A container listens on a port below 1024',
  aliases: ['kube-linter/privileged-ports'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Such ports need root or a capability in the container.',
  remediation: 'Listen on a higher port and let the Service translate',
  urls: [],
  example: {
    good: deployment({ container: ['ports: [{ containerPort: 8080 }]'] }),
    bad: deployment({ container: ['ports: [{ containerPort: 80 }]'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(privilegedPortsTemplate, 'kube-linter-privileged-ports'),
});
