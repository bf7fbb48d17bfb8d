// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../example-manifests.ts';
import { duplicateVariableTemplate } from '../kube-linter/container-templates.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const duplicateEnvVar = defineManifestCheck({
  id: 'duplicate-env-var',
  title: 'An environment variable is set twice',
  aliases: ['kube-linter/duplicate-env-var'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'Only the last value counts, so a reader of the manifest may take the wrong one for true.',
  remediation: 'Remove all but one',
  urls: [],
  example: {
    good: deployment({ container: ['env: [{ name: PORT, value: "80" }]'] }),
    bad: deployment({ container: ['env: [{ name: PORT, value: "80" }, { name: PORT, value: "81" }]'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(duplicateVariableTemplate, 'duplicate-env-var'),
});
