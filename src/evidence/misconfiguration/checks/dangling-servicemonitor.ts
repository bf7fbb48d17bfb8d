// SPDX-License-Identifier: Apache-2.0
import { whereServices } from '../kube-linter/cautious.ts';
import { monitorWithoutServices } from '../kube-linter/dangling-references.ts';
import { danglingServiceMonitorTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingServicemonitor = defineManifestCheck({
  ...monitorWithoutServices,
  id: 'dangling-servicemonitor',
  profiles: ['landwaiter'],
  run: whereServices(builtIn(danglingServiceMonitorTemplate, 'dangling-servicemonitor'), 'everywhere'),
});
