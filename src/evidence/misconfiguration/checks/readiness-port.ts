// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../example-manifests.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { readinessPortTemplate } from '../kube-linter/port-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const readinessPort = defineManifestCheck({
  id: 'readiness-port',
  title: 'A readiness probe asks for a port that is not open',
  aliases: ['kube-linter/readiness-port'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'A probe at the wrong port keeps a container that works out of the Service.',
  remediation: 'List the port in ports, or correct the port of the readiness probe',
  urls: [],
  example: {
    good: deployment({
      container: ['ports: [{ containerPort: 8080 }]', 'readinessProbe: { httpGet: { path: /, port: 8080 } }'],
    }),
    bad: deployment({
      container: ['ports: [{ containerPort: 8080 }]', 'readinessProbe: { httpGet: { path: /, port: 8081 } }'],
    }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(readinessPortTemplate, 'readiness-port'),
});
