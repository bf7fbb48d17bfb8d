// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../../formats/document.ts';
import { deployment, disruptionBudget, manifests } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { polarisViewOf, relatedOf } from '../../polaris/view.ts';

export const polarisMissingPodDisruptionBudget = defineManifestCheck({
  id: 'polaris-missing-pod-disruption-budget',
  title: 'No PodDisruptionBudget is for the Deployment',
  aliases: ['polaris/missingPodDisruptionBudget'],
  profiles: ['polaris'],
  severity: 'medium',
  why: 'Draining nodes can stop all replicas at once.',
  remediation: 'Add a PodDisruptionBudget with a label of the Pods',
  urls: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  example: {
    good: manifests(deployment(), disruptionBudget('minAvailable: 1')),
    bad: deployment(),
  },
  kinds: ['Deployment'],
  run: (resource, set) => {
    const view = polarisViewOf(resource);
    if (view === undefined) return [];
    const spec = asObject(asObject(resource.object['spec'])?.['template']);
    const labels = Object.entries(asObject(asObject(spec?.['metadata'])?.['labels']) ?? {});
    const hasBudget = relatedOf('PodDisruptionBudget', resource, set).some((budget) => {
      const selector = asObject(asObject(asObject(budget.object['spec'])?.['selector'])?.['matchLabels']);
      return selector !== undefined && labels.some(([key, value]) => selector[key] === value);
    });
    if (hasBudget) return [];
    return [{ message: 'no PodDisruptionBudget is for the Pods', at: ['spec', 'template', 'metadata'] }];
  },
});
