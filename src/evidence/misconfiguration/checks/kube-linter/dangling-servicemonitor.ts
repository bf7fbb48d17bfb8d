// SPDX-License-Identifier: Apache-2.0
import { monitorWithoutServices } from '../../kube-linter/dangling-references.ts';
import { danglingServiceMonitorTemplate } from '../../kube-linter/reference-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDanglingServicemonitor = defineManifestCheck({
  ...monitorWithoutServices,
  id: 'kube-linter-dangling-servicemonitor',
  profiles: ['kube-linter'],
  run: builtIn(danglingServiceMonitorTemplate, 'kube-linter-dangling-servicemonitor'),
});
