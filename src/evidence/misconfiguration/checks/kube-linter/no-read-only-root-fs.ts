// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { readOnlyRootTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNoReadOnlyRootFs = defineManifestCheck({
  id: 'kube-linter-no-read-only-root-fs',
  title: 'A container can write to its own file system',
  aliases: ['kube-linter/no-read-only-root-fs'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'Whoever breaks in can change the program and leave tools behind.',
  remediation: 'Set readOnlyRootFilesystem to true and mount what must be written',
  urls: [],
  example: {
    good: deployment({ container: ['securityContext: { readOnlyRootFilesystem: true }'] }),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(readOnlyRootTemplate, 'kube-linter-no-read-only-root-fs'),
});
