// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { interestsOfConstraints, interestsOfRules } from './interests.ts';

function resourcesOf(kinds: readonly string[], operations?: readonly string[]) {
  const [interest] = interestsOfRules([{ match: { any: [{ resources: { kinds, operations } }] } }]);
  return interest;
}

describe('interests of rules', () => {
  it('are the resources of the kinds, with the containers that Pods can be given', () => {
    expect(resourcesOf(['Pod'])).toEqual({
      groups: ['*'],
      resources: ['pods', 'pods/ephemeralcontainers'],
      operations: ['*'],
    });
  });

  it('keep group, subresource and operations', () => {
    expect(resourcesOf(['apps/v1/Deployment/scale'], ['UPDATE'])).toEqual({
      groups: ['apps'],
      resources: ['deployments/scale'],
      operations: ['UPDATE'],
    });
  });

  it('are everything of the group for kinds whose plural nobody knows', () => {
    expect(resourcesOf(['example.com/v1/Mouse'])).toMatchObject({ groups: ['example.com'], resources: ['*/*', '*'] });
  });

  it('are everything for rules that name no kind', () => {
    expect(interestsOfRules([{ match: {} }])).toMatchObject([{ groups: ['*'], operations: ['*'] }]);
  });
});

describe('interests of CEL policies', () => {
  it('cover the controllers that make Pods', () => {
    const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];

    const interests = interestsOfConstraints({ matchConstraints: { resourceRules } });

    expect(interests.flatMap(({ resources }) => resources)).toEqual(
      expect.arrayContaining(['pods', 'deployments', 'cronjobs']),
    );
  });
});
