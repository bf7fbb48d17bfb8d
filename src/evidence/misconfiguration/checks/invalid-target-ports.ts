// SPDX-License-Identifier: Apache-2.0
import { service } from '../example-manifests.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { targetPortTemplate } from '../kube-linter/port-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const invalidTargetPorts = defineManifestCheck({
  id: 'invalid-target-ports',
  title: 'A port has a name or number that is not allowed',
  aliases: ['kube-linter/invalid-target-ports'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'The API server refuses the object, or the Service finds no port behind the name.',
  remediation:
    'Use at most 15 lower-case letters, digits and single hyphens with a letter among them, or a number from 1 to 65535',
  urls: [],
  example: {
    good: service({ port: 'port: 80, targetPort: http' }),
    bad: service({ port: 'port: 80, targetPort: web-server-secure' }),
  },
  kinds: plainKinds(['DeploymentLike', 'Service']),
  run: builtIn(targetPortTemplate, 'invalid-target-ports'),
});
