// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { matchesKind, parseKindSelector } from './kind-selector.ts';
import type { MatchTarget } from './match.ts';
import { compileMatch } from './match.ts';

const pod: MatchTarget = {
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' }, annotations: { a: 'b' } },
  },
  kind: { group: '', version: 'v1', kind: 'Pod', subresource: '' },
  operation: 'CREATE',
  namespaceLabels: { tier: 'front' },
  requester: { username: 'ann', groups: ['dev'], roles: [], clusterRoles: ['cluster-admin'] },
};

function resources(filter: JsonObject): JsonObject {
  return { any: [{ resources: { kinds: ['Pod'], ...filter } }] };
}

describe('match', () => {
  it.each<[JsonObject, boolean]>([
    [{}, true],
    [{ names: ['web-?'] }, true],
    [{ names: ['db-*'] }, false],
    [{ namespaces: ['sh*'] }, true],
    [{ selector: { matchLabels: { app: 'w*' } } }, true],
    [{ selector: { matchLabels: { app: 'db' } } }, false],
    [{ namespaceSelector: { matchLabels: { tier: 'front' } } }, true],
    [{ annotations: { a: 'b' } }, true],
    [{ operations: ['UPDATE'] }, false],
  ])('by %j', (filter, expected) => {
    expect(compileMatch(resources(filter), undefined)(pod)).toBe(expected);
  });

  it('by who asks', () => {
    const subjects = [{ kind: 'User', name: 'ann' }];
    expect(compileMatch({ any: [{ ...asFilter(), subjects }] }, undefined)(pod)).toBe(true);
    expect(compileMatch({ any: [{ ...asFilter(), clusterRoles: ['view'] }] }, undefined)(pod)).toBe(false);
  });

  it('without what is excluded', () => {
    expect(compileMatch(resources({}), resources({ names: ['web-*'] }))(pod)).toBe(false);
    expect(compileMatch(resources({}), resources({ names: ['db-*'] }))(pod)).toBe(true);
  });
});

function asFilter(): JsonObject {
  return { resources: { kinds: ['Pod'] } };
}

describe('kinds', () => {
  const scale = { group: 'apps', version: 'v1', kind: 'Deployment', subresource: 'scale' };
  it.each([
    ['Deployment', false],
    ['Deployment/scale', true],
    ['apps/v1/Deployment/scale', true],
    ['Deployment.scale', true],
    ['*/*', true],
    ['batch/v1/Deployment/scale', false],
  ])('%s', (text, expected) => {
    expect(matchesKind(parseKindSelector(text), scale)).toBe(expected);
  });
});
