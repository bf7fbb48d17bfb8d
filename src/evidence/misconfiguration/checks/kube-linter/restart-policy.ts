// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { restartPolicyTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterRestartPolicy = defineManifestCheck({
  id: 'kube-linter-restart-policy',
  title: 'Pods are not restarted, or do not say so',
  aliases: ['kube-linter/restart-policy'],
  profiles: ['kube-linter'],
  severity: 'negligible',
  why: 'A container that fails stays down.',
  remediation: 'Set restartPolicy to Always or OnFailure',
  urls: [],
  example: {
    good: deployment({ pod: ['restartPolicy: Always'] }),
    bad: deployment({ pod: ['restartPolicy: Never'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(restartPolicyTemplate, 'kube-linter-restart-policy'),
});
