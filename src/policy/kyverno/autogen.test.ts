// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { computeRules, controllersAnnotation } from './autogen.ts';

const match = { any: [{ resources: { kinds: ['Pod'] } }] };

function rulesOf(rule: JsonObject, annotations: JsonObject = {}): readonly JsonObject[] {
  return computeRules({ metadata: { annotations }, spec: { rules: [{ name: 'r', match, ...rule }] } });
}

describe('rules for the controllers of Pods', () => {
  it('move patterns and variables to the template', () => {
    const [, controllers, cronJobs] = rulesOf({
      validate: { message: 'in {{ request.object.spec.x }}', pattern: { spec: { hostNetwork: false } } },
    });
    expect(controllers).toMatchObject({
      name: 'autogen-r',
      validate: {
        message: 'in {{ request.object.spec.template.spec.x }}',
        pattern: { spec: { template: { spec: { hostNetwork: false } } } },
      },
    });
    expect(cronJobs).toMatchObject({
      name: 'autogen-cronjob-r',
      validate: { pattern: { spec: { jobTemplate: { spec: { template: { spec: { hostNetwork: false } } } } } } },
    });
  });

  it('are those that the annotation asks for', () => {
    const validate = { message: 'm', pattern: { spec: {} } };
    const made = rulesOf({ validate }, { [controllersAnnotation]: 'Deployment' });
    expect(made.map(({ name }) => name)).toEqual(['r', 'autogen-r']);
    expect(rulesOf({ validate }, { [controllersAnnotation]: 'none' })).toHaveLength(1);
  });

  it('are not made where a rule cannot have them', () => {
    expect(rulesOf({ mutate: { patchesJson6902: '- {op: add, path: /a, value: 1}' } })).toHaveLength(1);
    const named = { any: [{ resources: { kinds: ['Pod'], name: 'web' } }] };
    expect(rulesOf({ match: named, validate: { message: 'm', pattern: {} } })).toHaveLength(1);
  });
});
