// SPDX-License-Identifier: Apache-2.0
import { whereWorkloads } from '../kube-linter/cautious.ts';
import { autoscalerWithoutTarget } from '../kube-linter/dangling-references.ts';
import { danglingAutoscalerTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingHorizontalpodautoscaler = defineManifestCheck({
  ...autoscalerWithoutTarget,
  id: 'dangling-horizontalpodautoscaler',
  profiles: ['landwaiter'],
  run: whereWorkloads(builtIn(danglingAutoscalerTemplate, 'dangling-horizontalpodautoscaler')),
});
