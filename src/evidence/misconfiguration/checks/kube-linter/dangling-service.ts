// SPDX-License-Identifier: Apache-2.0
import { serviceWithoutPods } from '../../kube-linter/dangling-references.ts';
import { danglingServiceTemplate } from '../../kube-linter/reference-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDanglingService = defineManifestCheck({
  ...serviceWithoutPods,
  id: 'kube-linter-dangling-service',
  profiles: ['kube-linter'],
  run: builtIn(danglingServiceTemplate, 'kube-linter-dangling-service'),
});
