// SPDX-License-Identifier: Apache-2.0
import { deployment, manifests, serviceAccount } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { missingAccountTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterNonExistentServiceAccount = defineManifestCheck({
  id: 'kube-linter-non-existent-service-account',
  title: 'Pods name a service account that is not there',
  aliases: ['kube-linter/non-existent-service-account'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'The Pods are not created, or they get an account that somebody else makes later.',
  remediation: 'Deliver the ServiceAccount with the workload, or correct the name',
  urls: [],
  example: {
    good: manifests(serviceAccount(), deployment({ pod: ['serviceAccountName: web'] })),
    bad: manifests(serviceAccount(), deployment({ pod: ['serviceAccountName: wev'] })),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(missingAccountTemplate, 'kube-linter-non-existent-service-account'),
});
