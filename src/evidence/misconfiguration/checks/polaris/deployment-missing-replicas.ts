// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { polarisViewOf } from '../../polaris/view.ts';

export const polarisDeploymentMissingReplicas = defineManifestCheck({
  id: 'polaris-deployment-missing-replicas',
  title: 'A Deployment has one replica',
  aliases: ['polaris/deploymentMissingReplicas'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'One failure, or the update of one node, takes the service down.',
  remediation: 'Set replicas to 2 or more',
  urls: [],
  example: {
    good: deployment(),
    bad: deployment({ replicas: 1 }),
  },
  kinds: ['Deployment'],
  run: (resource) => {
    if (polarisViewOf(resource) === undefined) return [];
    const replicas = asObject(resource.object['spec'])?.['replicas'];
    if (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 2) return [];
    const at = ['spec', 'replicas'];
    return [{ message: 'the Deployment has only one replica', at, wanted: [{ at, value: 3 }] }];
  },
});
