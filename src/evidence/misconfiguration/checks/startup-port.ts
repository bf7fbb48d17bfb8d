// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../example-manifests.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { startupPortTemplate } from '../kube-linter/port-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const startupPort = defineManifestCheck({
  id: 'startup-port',
  title: 'A startup probe asks for a port that is not open',
  aliases: ['kube-linter/startup-port'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'A probe at the wrong port never lets the container become ready.',
  remediation: 'List the port in ports, or correct the port of the startup probe',
  urls: [],
  example: {
    good: deployment({
      container: ['ports: [{ containerPort: 8080 }]', 'startupProbe: { httpGet: { path: /, port: 8080 } }'],
    }),
    bad: deployment({
      container: ['ports: [{ containerPort: 8080 }]', 'startupProbe: { httpGet: { path: /, port: 8081 } }'],
    }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(startupPortTemplate, 'startup-port'),
});
