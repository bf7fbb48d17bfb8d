// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { requiredLabelTemplate } from '../../kube-linter/object-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterRequiredLabelOwner = defineManifestCheck({
  id: 'kube-linter-required-label-owner',
  title: 'A workload names no owner',
  aliases: ['kube-linter/required-label-owner'],
  profiles: ['kube-linter'],
  severity: 'negligible',
  why: 'In an incident nobody knows whom to ask.',
  remediation: 'Add the label owner',
  urls: [],
  example: {
    good: deployment({ metadata: 'name: web, namespace: shop, labels: { owner: shop }' }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(requiredLabelTemplate, 'kube-linter-required-label-owner', { key: 'owner' }),
});
