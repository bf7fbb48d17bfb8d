// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { environmentVariableTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterEnvVarSecret = defineManifestCheck({
  id: 'kube-linter-env-var-secret',
  title: 'A secret is written into an environment variable',
  aliases: ['kube-linter/env-var-secret'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'Whoever reads the manifest or the repository has the secret.',
  remediation: 'Put the value into a Secret and mount it, or use secretKeyRef',
  urls: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  example: {
    good: deployment({
      container: ['env: [{ name: APP_SECRET_FILE, valueFrom: { secretKeyRef: { name: web, key: path } } }]'],
    }),
    bad: deployment({ container: ['env: [{ name: APP_SECRET, value: example }]'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(environmentVariableTemplate, 'kube-linter-env-var-secret', { name: '(?i).*secret.*', value: '.+' }),
});
