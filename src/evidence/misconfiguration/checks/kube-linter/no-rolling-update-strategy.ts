// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { updateConfigurationTemplate } from '../../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNoRollingUpdateStrategy = defineManifestCheck({
  id: 'kube-linter-no-rolling-update-strategy',
  title: 'A workload is not updated step by step',
  aliases: ['kube-linter/no-rolling-update-strategy'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'All Pods stop before the new ones are proved to work.',
  remediation: 'Set the type of the strategy to RollingUpdate',
  urls: [],
  example: {
    good: deployment({ spec: ['strategy: { type: RollingUpdate }'] }),
    bad: deployment({ spec: ['strategy: { type: Recreate }'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(updateConfigurationTemplate, 'kube-linter-no-rolling-update-strategy', {
    strategyTypeRegex: '^(RollingUpdate|Rolling)$',
  }),
});
