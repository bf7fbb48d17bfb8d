// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { defineManifestCheck } from '../manifest-check.ts';

const members: readonly string[] = ['type', 'max', 'min', 'default', 'defaultRequest'];

function rangeWith(limit: string): string {
  return `apiVersion: v1\nkind: LimitRange\nmetadata: { name: limits }\nspec:\n  limits:\n    - ${limit}\n`;
}

export const limitRange = defineManifestCheck({
  id: 'limit-range',
  title: 'The LimitRange leaves something open',
  aliases: ['KSV-0039'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Containers without own requests and limits get what the LimitRange gives; what it leaves open is unlimited.',
  remediation: 'Give type, max, min, default and defaultRequest in one of the limits',
  urls: ['https://kubernetes.io/docs/concepts/policy/limit-range/'],
  example: {
    good: rangeWith(
      '{ type: Container, max: { cpu: 2 }, min: { cpu: 10m }, default: { cpu: 1 }, defaultRequest: { cpu: 100m } }',
    ),
    bad: rangeWith('{ type: Container, max: { cpu: 2 } }'),
  },
  kinds: ['LimitRange'],
  run: ({ object }) => {
    const limits = asArray(asObject(object['spec'])?.['limits']);
    const isWhole = limits.some((limit) => members.every((member) => Boolean(asObject(limit)?.[member])));
    if (isWhole) return [];
    return [{ message: `no limit has all of ${members.join(', ')}`, at: ['spec', 'limits'] }];
  },
});
