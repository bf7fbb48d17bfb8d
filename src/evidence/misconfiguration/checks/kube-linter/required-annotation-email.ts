// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { requiredAnnotationTemplate } from '../../kube-linter/object-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterRequiredAnnotationEmail = defineManifestCheck({
  id: 'kube-linter-required-annotation-email',
  title: 'A workload names no e-mail address of its owner',
  aliases: ['kube-linter/required-annotation-email'],
  profiles: ['kube-linter'],
  severity: 'negligible',
  why: 'In an incident nobody knows whom to ask.',
  remediation: 'Add the annotation email',
  urls: [],
  example: {
    good: deployment({ metadata: 'name: web, namespace: shop, annotations: { email: shop@example.com }' }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(requiredAnnotationTemplate, 'kube-linter-required-annotation-email', {
    key: 'email',
    value: '[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\\.[a-zA-Z0-9-.]+',
  }),
});
