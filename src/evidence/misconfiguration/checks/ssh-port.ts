// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../example-manifests.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { portsTemplate } from '../kube-linter/port-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const sshPort = defineManifestCheck({
  id: 'ssh-port',
  title: 'A container listens on the port of SSH',
  aliases: ['kube-linter/ssh-port'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'A login server in a container is a second way in beside the API server, without its log.',
  remediation: 'Remove the SSH server and use kubectl exec or debug, which are authorised and recorded',
  urls: [],
  example: {
    good: deployment({ container: ['ports: [{ containerPort: 8080 }]'] }),
    bad: deployment({ container: ['ports: [{ containerPort: 22 }]'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(portsTemplate, 'ssh-port', { port: 22, protocol: 'TCP' }),
});
