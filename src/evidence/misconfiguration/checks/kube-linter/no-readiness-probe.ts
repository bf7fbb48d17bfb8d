// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { readinessProbeTemplate } from '../../kube-linter/port-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNoReadinessProbe = defineManifestCheck({
  id: 'kube-linter-no-readiness-probe',
  title: 'A container has no readiness probe',
  aliases: ['kube-linter/no-readiness-probe'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Traffic reaches the container before it can answer.',
  remediation: 'Add a readinessProbe',
  urls: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  example: {
    good: deployment({ container: ['readinessProbe: { httpGet: { path: /live, port: 8080 } }'] }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(readinessProbeTemplate, 'kube-linter-no-readiness-probe'),
});
