// SPDX-License-Identifier: Apache-2.0
import { whereSelected } from '../kube-linter/cautious.ts';
import { serviceWithoutPods } from '../kube-linter/dangling-references.ts';
import { danglingServiceTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingService = defineManifestCheck({
  ...serviceWithoutPods,
  id: 'dangling-service',
  profiles: ['landwaiter'],
  run: whereSelected(builtIn(danglingServiceTemplate, 'dangling-service'), 'selector'),
});
