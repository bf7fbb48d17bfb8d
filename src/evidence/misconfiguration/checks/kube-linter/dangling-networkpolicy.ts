// SPDX-License-Identifier: Apache-2.0
import { policyWithoutPods } from '../../kube-linter/dangling-references.ts';
import { danglingNetworkPolicyTemplate } from '../../kube-linter/reference-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDanglingNetworkpolicy = defineManifestCheck({
  ...policyWithoutPods,
  id: 'kube-linter-dangling-networkpolicy',
  profiles: ['kube-linter'],
  run: builtIn(danglingNetworkPolicyTemplate, 'kube-linter-dangling-networkpolicy'),
});
