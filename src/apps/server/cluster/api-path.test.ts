// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { checkedPath } from './api-path.ts';

it('takes paths of objects and collections with their queries', () => {
  expect(checkedPath('/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb')).toEqual({
    path: '/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb',
  });
  expect(checkedPath('/apis/apps/v1/deployments')).toEqual({ path: '/apis/apps/v1/deployments' });
});

it.each([
  '/api/v1/namespaces/shop/../kube-system/secrets',
  '/api/v1/namespaces/shop/%2e%2e/kube-system/secrets',
  '/api/v1//secrets',
  '/logs/x',
  'https://elsewhere/api/v1',
  '/api/v1/pods?watch=true',
  '/api/v1/namespaces/shop/pods/../../../nodes',
  '/api/v1/pods\r\nHost: x',
])('refuses %j, which leads elsewhere or never ends', (path) => {
  expect(checkedPath(path)).toHaveProperty('fault');
});
