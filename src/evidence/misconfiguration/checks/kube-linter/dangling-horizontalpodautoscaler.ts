// SPDX-License-Identifier: Apache-2.0
import { autoscalerWithoutTarget } from '../../kube-linter/dangling-references.ts';
import { danglingAutoscalerTemplate } from '../../kube-linter/reference-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDanglingHorizontalpodautoscaler = defineManifestCheck({
  ...autoscalerWithoutTarget,
  id: 'kube-linter-dangling-horizontalpodautoscaler',
  profiles: ['kube-linter'],
  run: builtIn(danglingAutoscalerTemplate, 'kube-linter-dangling-horizontalpodautoscaler'),
});
