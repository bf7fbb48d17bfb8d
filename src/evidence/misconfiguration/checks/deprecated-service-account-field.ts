// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../example-manifests.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { deprecatedAccountFieldTemplate } from '../kube-linter/pod-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const deprecatedServiceAccountField = defineManifestCheck({
  id: 'deprecated-service-account-field',
  title: 'The old field serviceAccount is used',
  aliases: ['kube-linter/deprecated-service-account-field'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'Two fields that can name different accounts make it unclear which rights the Pod has.',
  remediation: 'Write serviceAccountName instead of serviceAccount',
  urls: [],
  example: {
    good: deployment({ pod: ['serviceAccountName: web'] }),
    bad: deployment({ pod: ['serviceAccount: web'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(deprecatedAccountFieldTemplate, 'deprecated-service-account-field'),
});
