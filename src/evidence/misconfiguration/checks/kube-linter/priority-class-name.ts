// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { priorityClassTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterPriorityClassName = defineManifestCheck({
  id: 'kube-linter-priority-class-name',
  title: 'Pods have a priority class that is not allowed',
  aliases: ['kube-linter/priority-class-name'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'A high priority pushes other workloads off their nodes.',
  remediation: 'Use one of the accepted classes, or none',
  urls: [],
  example: {
    good: deployment(),
    bad: deployment({ pod: ['priorityClassName: urgent'] }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(priorityClassTemplate, 'kube-linter-priority-class-name', {
    acceptedPriorityClassNames: ['system-cluster-critical', 'system-node-critical'],
  }),
});
