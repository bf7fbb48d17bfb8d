// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { knownObjectsProvider } from './known-objects.ts';

const objects = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'teams', namespace: 'shop' }, data: { a: '1' } },
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } } },
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api', namespace: 'other' } },
  {
    apiVersion: 'kyverno.io/v2',
    kind: 'GlobalContextEntry',
    metadata: { name: 'deployments' },
    spec: { kubernetesResource: { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'shop' } },
  },
];
const provider = knownObjectsProvider({ objects: () => objects, knowledge: 'partial' });

function namesAt(urlPath: string): unknown {
  const found = provider.apiCall({ method: 'GET', urlPath });
  if (found.kind !== 'found') return found.kind;
  const { items } = found.value as { readonly items?: readonly { readonly metadata: { readonly name: string } }[] };
  return items?.map(({ metadata }) => metadata.name) ?? found.value;
}

describe('objects that stand for a cluster', () => {
  it('are found as ConfigMaps', () => {
    expect(provider.configMap('shop', 'teams')).toMatchObject({ kind: 'found', value: { data: { a: '1' } } });
    expect(provider.configMap('shop', 'nobody')).toEqual({ kind: 'absent' });
  });

  it.each([
    ['/apis/apps/v1/deployments', ['web', 'api']],
    ['/apis/apps/v1/namespaces/shop/deployments', ['web']],
    ['/apis/apps/v1/deployments?labelSelector=app=web', ['web']],
    ['/apis/apps/v1/namespaces/shop/deployments/gone', 'absent'],
    ['/api/v1/pods', 'failed'],
    ['/metrics', 'failed'],
  ])('answer %s', (path, expected) => {
    expect(namesAt(path)).toEqual(expected);
  });

  it('are none where all are known', () => {
    const complete = knownObjectsProvider({ objects: () => [], knowledge: 'complete' });

    expect(complete.apiCall({ method: 'GET', urlPath: '/api/v1/pods' })).toMatchObject({ value: { items: [] } });
  });

  it('are kept at hand by the global context', () => {
    expect(provider.globalContext('deployments', undefined)).toMatchObject({ value: [{ metadata: { name: 'web' } }] });
    expect(provider.globalContext('nothing', undefined)).toEqual({ kind: 'absent' });
  });

  it('do not stand for services outside', () => {
    expect(provider.apiCall({ method: 'GET', url: 'https://service.example' })).toMatchObject({ kind: 'failed' });
  });
});
