// SPDX-License-Identifier: Apache-2.0

import { configMap, deployment, manifests } from '../../example-manifests.ts';
import { environmentReferenceTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterEnvValueFrom = defineManifestCheck({
  id: 'kube-linter-env-value-from',
  title: 'A variable refers to a Secret, ConfigMap or key that is not there',
  aliases: ['kube-linter/env-value-from'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'The container does not start as long as what it refers to is missing.',
  remediation: 'Correct the name or key, or deliver the object with the workload',
  urls: [],
  example: {
    good: manifests(
      configMap('mode: fast'),
      deployment({ container: ['env: [{ name: MODE, valueFrom: { configMapKeyRef: { name: web, key: mode } } }]'] }),
    ),
    bad: manifests(
      configMap('mode: fast'),
      deployment({ container: ['env: [{ name: MODE, valueFrom: { configMapKeyRef: { name: web, key: speed } } }]'] }),
    ),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(environmentReferenceTemplate, 'kube-linter-env-value-from', {
    ignoredSecrets: [],
    ignoredConfigMaps: [],
  }),
});
