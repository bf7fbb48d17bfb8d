// SPDX-License-Identifier: Apache-2.0
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { requestFor } from '../admission-policy/request.ts';
import type { DataProvider } from '../data-provider.ts';
import { noData } from '../data-provider.ts';
import type { EngineData } from '../engine.ts';
import { Observation, stillHolds } from './observation.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'a', image: 'web:1' }] },
};
const request = requestFor(pod);

function dataWith(provider: Partial<DataProvider> = {}, cluster: Partial<EngineData['cluster']> = {}): EngineData {
  return {
    cluster: { objects: () => undefined, namespace: () => undefined, ...cluster },
    provider: { ...noData, ...provider },
  };
}

function observe(data: EngineData, look: (observation: Observation) => void): Observation {
  const observation = new Observation(request, data);
  look(observation);
  return observation;
}

function hold(observation: Observation, data: EngineData): boolean {
  return observation.calls.every((call) => stillHolds(call, data));
}

describe('a watched judgement', () => {
  test('meets the same object twice where it is the same', () => {
    observe(dataWith(), ({ request: seen }) => {
      const { containers } = (seen.object as typeof pod).spec;
      expect(seen.object).toBe(seen.object);
      expect(Array.isArray(containers)).toBe(true);
      expect([...containers].map(({ image }) => image)).toEqual(['web:1']);
    });
  });

  test('cannot change what it judges', () => {
    observe(dataWith(), ({ request: seen }) => {
      const object = seen.object as { -readonly [name in keyof typeof pod]: unknown };

      expect(() => (object.kind = 'Secret')).toThrow(TypeError);
      expect(() => delete object.spec).toThrow(TypeError);
      expect(() => Object.defineProperty(object, 'x', { value: 1 })).toThrow(TypeError);
    });
    expect(pod.kind).toBe('Pod');
  });

  test('that tried to change it, and went on, was remembered', () => {
    const observation = observe(dataWith(), ({ request: seen }) => {
      expect(Reflect.set(seen.object as object, 'kind', 'Secret')).toBe(false);
    });
    expect(observation.isSpoiled).toBe(true);
  });

  test('of a request in which the stack may end was remembered', () => {
    const nested = (levels: number): AdmissionRequest => {
      const text = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
      return { ...request, object: JSON.parse(text) as AdmissionRequest['object'] & {} };
    };
    const isSpoiled = (asked: AdmissionRequest): boolean => {
      const observation = new Observation(asked, dataWith());
      JSON.stringify(observation.request.object);
      return observation.isSpoiled;
    };
    expect(isSpoiled(nested(100))).toBe(false);
    expect(isSpoiled(nested(1_000))).toBe(true);
  });

  test('kept what it was told in memory', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let told: { readonly kind: 'found'; readonly value: object } | undefined = { kind: 'found', value: {} };
    const held = new WeakRef(told.value);
    const data = dataWith({ configMap: () => told as never });
    const observation = observe(data, ({ provider }) => provider.configMap('shop', 'settings'));
    expect(hold(observation, data)).toBe(true);
    told = undefined;
    for (let round = 0; round < 20 && held.deref() !== undefined; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      collect();
    }
    expect(held.deref()).toBeUndefined();
  });

  test('of an object that stands in two places was compared in the first one alone', () => {
    const aliased: AdmissionRequest = { ...request, operation: 'UPDATE', object: pod, oldObject: pod };
    const observation = new Observation(aliased, dataWith());

    expect(observation.request.object?.['kind']).toBe('Pod');
    expect(observation.isSpoiled).toBe(false);
    expect(observation.request.oldObject?.['kind']).toBe('Pod');
    expect(observation.isSpoiled).toBe(true);
  });

  test('has an answer that holds as long as it is the same object', () => {
    const [first, second] = [{ data: {} }, { data: {} }];
    let known: object = first;
    const data = dataWith({ configMap: () => ({ kind: 'found', value: known as never }) });
    const observation = observe(data, ({ provider }) => provider.configMap('shop', 'settings'));

    expect(observation.isSpoiled).toBe(false);
    expect(hold(observation, data)).toBe(true);
    known = second;
    expect(hold(observation, data)).toBe(false);
  });

  test('has a list for an answer that holds as long as its items are the same', () => {
    const [one, two] = [{ kind: 'Team' }, { kind: 'Team' }];
    let items = [one, two];
    const data = dataWith({}, { objects: () => [...items] });
    const observation = observe(data, ({ cluster }) => cluster.objects({ apiVersion: 'v1', kind: 'Team' }));

    expect(hold(observation, data)).toBe(true);
    items = [two, one];
    expect(hold(observation, data)).toBe(false);
    items = [one];
    expect(hold(observation, data)).toBe(false);
  });

  test('two objects of the cluster with the same kind were taken for the same answer', () => {
    let object = { kind: 'absent', apiVersion: 'v1' };
    const data = dataWith({ configMap: () => ({ kind: 'found', value: object }) });
    const observation = observe(data, ({ provider }) => provider.configMap('shop', 'settings'));

    object = { kind: 'absent', apiVersion: 'v1' };
    expect(hold(observation, data)).toBe(false);
  });

  test('absent and unavailable hold as well; what is pending or failed spoils', () => {
    const absent = dataWith({ configMap: () => ({ kind: 'absent' }) });
    const found = dataWith({ configMap: () => ({ kind: 'found', value: {} }) });
    const ask = (data: EngineData): Observation => observe(data, ({ provider }) => provider.configMap('a', 'b'));

    expect(hold(ask(absent), absent)).toBe(true);
    expect(hold(ask(absent), found)).toBe(false);
    expect(ask(absent).isSpoiled).toBe(false);
    expect(ask(dataWith({ configMap: () => ({ kind: 'pending' }) })).isSpoiled).toBe(true);
    expect(ask(dataWith({ configMap: () => ({ kind: 'failed', message: 'no' }) })).isSpoiled).toBe(true);
  });

  test.each<[string, (observation: Observation) => unknown]>([
    ['a call', ({ provider }) => provider.apiCall({ method: 'GET', urlPath: '/api' })],
    ['names of hosts', ({ provider }) => provider.addressesOf('registry.example')],
    ['rights', ({ cluster }) => cluster.authorize?.({} as never, undefined)],
    ['another namespace', ({ cluster }) => cluster.namespace('other')],
    ['a question that holds a part of the request', (seen) => seen.provider.imageData(seen.request.object as never)],
    ['one that holds it deep inside', (seen) => seen.provider.imageData([[seen.request.object]] as never)],
    ['the functions one by one', ({ provider }) => Object.keys(provider)],
  ])('asking for %s spoils', (_, ask) => {
    const observation = observe(dataWith({}, { authorize: () => ({ decision: 'allow' }) }), ask);

    expect(observation.isSpoiled).toBe(true);
  });

  test('that went on when a look ended with an error was remembered', () => {
    const broken = (): never => {
      throw new Error('the registry is down');
    };
    const data = dataWith({ configMap: broken }, { namespace: broken });
    const configMap = observe(data, ({ provider }) => expect(() => provider.configMap('a', 'b')).toThrow('down'));
    const namespace = observe(data, ({ cluster }) => expect(() => cluster.namespace('shop')).toThrow('down'));
    expect([configMap.isSpoiled, namespace.isSpoiled]).toEqual([true, true]);
  });

  test('whether there is somebody to ask is noted too', () => {
    const without = dataWith();
    const observation = observe(without, ({ cluster, provider }) => [
      typeof cluster.authorize,
      typeof provider.rolesOf,
    ]);

    expect(observation.isSpoiled).toBe(false);
    expect(hold(observation, without)).toBe(true);
    expect(hold(observation, dataWith({ rolesOf: () => ({ roles: [], clusterRoles: [] }) }))).toBe(false);
  });

  test('the namespace of the request is read like the request', () => {
    const namespace = { metadata: { labels: { team: 'a' } } };
    const observation = observe(dataWith({}, { namespace: () => namespace }), ({ cluster }) => {
      const seen = cluster.namespace('shop')?.['metadata'] as typeof namespace.metadata;
      expect(seen.labels.team).toBe('a');
    });

    expect(observation.isSpoiled).toBe(false);
    expect(observation.calls).toEqual([]);
    expect(observation.paths.names).toContain('namespace');
  });

  test('a request that is frozen cannot be watched, and says so', () => {
    const frozen: AdmissionRequest = Object.freeze({ ...request });

    expect(() => new Observation(frozen, dataWith()).request.object?.['spec']).toThrow(TypeError);
  });
});
