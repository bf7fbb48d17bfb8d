// SPDX-License-Identifier: Apache-2.0
import { deployment, manifests, networkPolicy } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { nonIsolatedPodTemplate } from '../../kube-linter/reference-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNonIsolatedPod = defineManifestCheck({
  id: 'kube-linter-non-isolated-pod',
  title: 'No NetworkPolicy selects the Pods',
  aliases: ['CIS-5.3.2', 'kube-linter/non-isolated-pod'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Pods that no policy selects talk to everything, and everything talks to them.',
  remediation: 'Add a NetworkPolicy for the Pods',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  example: {
    good: manifests(deployment(), networkPolicy()),
    bad: deployment(),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(nonIsolatedPodTemplate, 'kube-linter-non-isolated-pod'),
});
