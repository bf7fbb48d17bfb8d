// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { livenessProbeTemplate } from '../../kube-linter/port-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNoLivenessProbe = defineManifestCheck({
  id: 'kube-linter-no-liveness-probe',
  title: 'A container has no liveness probe',
  aliases: ['kube-linter/no-liveness-probe'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'A container that hangs is not restarted.',
  remediation: 'Add a livenessProbe',
  urls: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  example: {
    good: deployment({ container: ['livenessProbe: { httpGet: { path: /live, port: 8080 } }'] }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(livenessProbeTemplate, 'kube-linter-no-liveness-probe'),
});
