// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { namespaceTemplate } from '../../kube-linter/object-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterUseNamespace = defineManifestCheck({
  id: 'kube-linter-use-namespace',
  title: 'An object is in the namespace default',
  aliases: ['CIS-5.7.1', 'CIS-5.7.4', 'kube-linter/use-namespace'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Rights, quotas and policies of a namespace cannot separate what all stands in one.',
  remediation: 'Give the object a namespace of its own',
  urls: [],
  example: {
    good: deployment(),
    bad: deployment({ metadata: 'name: web' }),
  },
  kinds: plainKinds(['DeploymentLike', 'Service']),
  run: builtIn(namespaceTemplate, 'kube-linter-use-namespace'),
});
