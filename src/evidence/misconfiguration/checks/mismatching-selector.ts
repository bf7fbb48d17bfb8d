// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../example-manifests.ts';
import { plainKinds } from '../kube-linter/object-kinds.ts';
import { builtIn } from '../kube-linter/template.ts';
import { mismatchingSelectorTemplate } from '../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const mismatchingSelector = defineManifestCheck({
  id: 'mismatching-selector',
  title: 'A selector does not match its own Pods',
  aliases: ['kube-linter/mismatching-selector'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'medium',
  why: 'The API server refuses the object, or it adopts Pods that belong to somebody else.',
  remediation: 'Use the same labels in selector and in the template',
  urls: [],
  example: {
    good: deployment(),
    bad: deployment({ selector: 'app: wev' }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(mismatchingSelectorTemplate, 'mismatching-selector'),
});
