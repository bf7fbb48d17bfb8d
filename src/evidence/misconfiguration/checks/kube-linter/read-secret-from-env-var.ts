// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { readSecretTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterReadSecretFromEnvVar = defineManifestCheck({
  id: 'kube-linter-read-secret-from-env-var',
  title: 'A secret reaches the container as an environment variable',
  aliases: ['CIS-5.4.1', 'kube-linter/read-secret-from-env-var'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Variables end up in crash reports, logs and child processes.',
  remediation: 'Mount the Secret as a file',
  urls: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  example: {
    good: deployment({ container: ['env: [{ name: PORT, value: "80" }]'] }),
    bad: deployment({ container: ['env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: web, key: token } } }]'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(readSecretTemplate, 'kube-linter-read-secret-from-env-var'),
});
