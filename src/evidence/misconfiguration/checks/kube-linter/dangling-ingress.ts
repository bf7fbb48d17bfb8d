// SPDX-License-Identifier: Apache-2.0
import { ingressWithoutService } from '../../kube-linter/dangling-references.ts';
import { danglingIngressTemplate } from '../../kube-linter/reference-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDanglingIngress = defineManifestCheck({
  ...ingressWithoutService,
  id: 'kube-linter-dangling-ingress',
  profiles: ['kube-linter'],
  run: builtIn(danglingIngressTemplate, 'kube-linter-dangling-ingress'),
});
