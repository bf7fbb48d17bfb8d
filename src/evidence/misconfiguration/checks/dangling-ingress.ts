// SPDX-License-Identifier: Apache-2.0
import { whereServices } from '../kube-linter/cautious.ts';
import { ingressWithoutService } from '../kube-linter/dangling-references.ts';
import { danglingIngressTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingIngress = defineManifestCheck({
  ...ingressWithoutService,
  id: 'dangling-ingress',
  profiles: ['landwaiter'],
  run: whereServices(builtIn(danglingIngressTemplate, 'dangling-ingress'), 'namespace'),
});
