// SPDX-License-Identifier: Apache-2.0
import { whereSelected } from '../kube-linter/cautious.ts';
import { policyWithoutPods } from '../kube-linter/dangling-references.ts';
import { danglingNetworkPolicyTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingNetworkpolicy = defineManifestCheck({
  ...policyWithoutPods,
  id: 'dangling-networkpolicy',
  profiles: ['landwaiter'],
  run: whereSelected(builtIn(danglingNetworkPolicyTemplate, 'dangling-networkpolicy'), 'podSelector'),
});
