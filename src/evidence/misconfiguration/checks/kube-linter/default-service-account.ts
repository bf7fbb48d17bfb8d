// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { serviceAccountTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDefaultServiceAccount = defineManifestCheck({
  id: 'kube-linter-default-service-account',
  title: 'Pods run with the default service account',
  aliases: ['CIS-5.1.5', 'kube-linter/default-service-account'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Rights given to the default account reach every Pod of the namespace that names no other.',
  remediation: 'Create an account for the workload, or set automountServiceAccountToken to false',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'],
  example: {
    good: deployment({ pod: ['serviceAccountName: web'] }),
    bad: deployment({ pod: ['serviceAccountName: default'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(serviceAccountTemplate, 'kube-linter-default-service-account', { serviceAccount: '^(|default)$' }),
});
