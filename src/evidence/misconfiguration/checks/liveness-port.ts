// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../example-manifests.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { livenessPortTemplate } from '../kube-linter/port-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const livenessPort = defineManifestCheck({
  id: 'liveness-port',
  title: 'A liveness probe asks for a port that is not open',
  aliases: ['kube-linter/liveness-port'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'A probe at the wrong port restarts a container that works.',
  remediation: 'List the port in ports, or correct the port of the liveness probe',
  urls: [],
  example: {
    good: deployment({
      container: ['ports: [{ containerPort: 8080 }]', 'livenessProbe: { httpGet: { path: /, port: 8080 } }'],
    }),
    bad: deployment({
      container: ['ports: [{ containerPort: 8080 }]', 'livenessProbe: { httpGet: { path: /, port: 8081 } }'],
    }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(livenessPortTemplate, 'liveness-port'),
});
