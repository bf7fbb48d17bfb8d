// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';

const members: readonly string[] = ['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

function quotaWith(hard: string): string {
  return `apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: quota }\nspec:\n  hard: ${hard}\n`;
}

export const resourceQuota = defineManifestCheck({
  id: 'resource-quota',
  title: 'The ResourceQuota leaves something open',
  aliases: ['KSV-0040'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'One namespace can take the processors and the memory of the whole cluster.',
  remediation: 'Give requests.cpu, requests.memory, limits.cpu and limits.memory in spec.hard',
  urls: ['https://kubernetes.io/docs/concepts/policy/resource-quotas/'],
  example: {
    good: quotaWith('{ requests.cpu: 1, requests.memory: 1Gi, limits.cpu: 2, limits.memory: 2Gi }'),
    bad: quotaWith('{ pods: 10 }'),
  },
  kinds: ['ResourceQuota'],
  run: ({ object }) => {
    const hard = asObject(asObject(object['spec'])?.['hard']);
    const missing = members.filter((member) => hard?.[member] === undefined);
    if (missing.length === 0) return [];
    return [{ message: `it sets no ${missing.join(', ')}`, at: ['spec', 'hard'] }];
  },
});
