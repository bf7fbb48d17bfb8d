// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { noData } from '../../policy/data-provider.ts';
import { combinedProvider } from './combined-provider.ts';

it('asks the first that does not say unavailable', () => {
  const one = { ...noData, configMap: () => ({ kind: 'absent' }) as const };
  const two = {
    ...noData,
    configMap: () => ({ kind: 'failed', message: 'never asked' }) as const,
    imageData: () => ({ kind: 'found', value: { a: 1 } }) as const,
  };
  const both = combinedProvider([one, two]);

  expect(both.configMap('a', 'b')).toEqual({ kind: 'absent' });
  expect(both.imageData('a')).toEqual({ kind: 'found', value: { a: 1 } });
  expect(both.apiCall({ method: 'GET' })).toEqual({ kind: 'unavailable' });
});

it('has the optional questions that one of the parts has, and no others', () => {
  const both = combinedProvider([noData, { ...noData, rolesOf: () => ({ roles: ['a'], clusterRoles: [] }) }]);

  expect(both.rolesOf?.({})).toEqual({ roles: ['a'], clusterRoles: [] });
  expect('imageSignature' in both).toBe(false);
});

it('settles all parts, and says so when one of them looked something up', async () => {
  const looked: string[] = [];
  const settle = (name: string, found: boolean) => () => {
    looked.push(name);
    return Promise.resolve(found);
  };

  const both = combinedProvider([
    { ...noData, settle: settle('a', true) },
    { ...noData, settle: settle('b', false) },
  ]);
  expect(await both.settle()).toBe(true);
  expect(looked).toEqual(['a', 'b']);
  expect(await combinedProvider([noData]).settle()).toBe(false);
});
