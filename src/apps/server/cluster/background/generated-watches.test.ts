// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, until } from '../../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import { systemClock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import type { ObjectPlace } from './generated-marks.ts';
import { marked } from './generated-marks.ts';
import { GeneratedWatches } from './generated-watches.ts';

const configMaps: KubeResource = { apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespaced: true };
const widgets: KubeResource = { apiVersion: 'v1', kind: 'Widget', resource: 'widgets', namespaced: true };
const secrets: KubeResource = { apiVersion: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true };

const place = (kind: string, name: string, namespace = 'shop'): ObjectPlace => ({
  apiVersion: 'v1',
  kind,
  namespace,
  name,
});
const plain = (kind: string, name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop', uid: `uid of ${name}`, labels },
});
/** Made for the Secret `trigger of <name>`. */
const made = (name: string, source?: string, labels = {}, of = 'Secret'): KubeObject => {
  const trigger = { ...place('Secret', `for-${name}`), uid: 't' };
  const from = { policy: { kind: 'ClusterPolicy', name: 'p' }, rule: 'r', trigger, withoutPolicy: 'keep' } as const;
  const whole = source === undefined ? from : { ...from, source: place(of, source) };
  return marked(plain('ConfigMap', name, labels), whole) as KubeObject;
};

describe('watches of what was generated', () => {
  let server: KubeServer;
  let client: KubeClient;
  let watches: GeneratedWatches;
  const touched: string[] = [];
  const gone: string[] = [];
  const lines: string[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });

  beforeEach(async () => {
    server = await new KubeServer([configMaps, secrets, widgets]).listen();
    server.initialEvents = 'answered';
    client = clientOf(server.url, hurriedPace());
    for (const list of [touched, gone, lines]) list.length = 0;
    watches = new GeneratedWatches({
      clock: systemClock,
      client,
      log,
      touched: ({ name }) => void touched.push(name),
      gone: ({ kind, name }) => void gone.push(`${kind} ${name}`),
    });
  });
  afterEach(async () => {
    watches.close();
    client.close();
    await server.close();
  });
  const rest = () => new Promise((wake) => setTimeout(wake, 60));
  const sourceWatches = (resource = 'secrets'): readonly (string | null)[] =>
    server.requests
      .filter(({ path, query }) => path.includes(resource) && query.has('watch'))
      .map(({ query }) => query.get('fieldSelector'));

  it('tell for whom something was made that was deleted or changed, and nothing of what has just been made', async () => {
    server.put(made('one'));
    server.put(made('two'));
    server.put(plain('ConfigMap', 'other'));
    watches.follow([configMaps]);
    await until(() => server.watchers === 1);
    await rest();
    server.put(made('three'));
    server.put(plain('ConfigMap', 'other', { a: 'b' }));
    await rest();
    expect(touched).toEqual([]);

    server.remove(made('one'));
    server.put(made('two', undefined, { changed: 'yes' }));
    await until(() => touched.length === 2);
    expect(touched).toEqual(['for-one', 'for-two']);
  });

  it('tell which source is gone, and for whom copies were made of one that was changed', async () => {
    for (const name of ['s', 'unused']) server.put(plain('Secret', name));
    server.put(made('one', 's'));
    server.put(made('two', 's'));
    server.put(made('three'));
    watches.follow([configMaps]);
    await until(() => server.watchers === 2);
    await rest();
    touched.length = 0;
    server.put(plain('Secret', 'unused', { a: 'b' }));
    server.put(plain('Secret', 's', { a: 'b' }));
    await until(() => touched.length === 2);
    expect(touched).toEqual(['for-one', 'for-two']);

    server.remove(plain('Secret', 'unused'));
    server.remove(plain('Secret', 's'));
    await until(() => gone.length === 1);
    expect(gone).toEqual(['Secret s']);
    expect(sourceWatches()).toEqual(['metadata.name=s']);
  });

  it('tell which sources were gone before anybody watched', async () => {
    server.put(made('one', 'lost'));
    watches.follow([configMaps]);
    await until(() => gone.length === 1);

    expect(gone).toEqual(['Secret lost']);
  });

  it('tell for whom copies were made of a source that may have changed before anybody watched it', async () => {
    server.put(plain('Secret', 's'));
    server.put(made('one', 's'));
    watches.follow([configMaps]);
    await until(() => touched.length > 0);

    expect(touched).toEqual(['for-one']);
  });

  it('look at many sources of a namespace by one watch', async () => {
    for (let index = 0; index < 30; index += 1) server.put(plain('Widget', `s-${index}`));
    server.put(made('first', 's-0', {}, 'Widget'));
    watches.follow([configMaps]);
    await until(() => server.watchers === 2);
    await rest();
    for (let index = 1; index < 30; index += 1) server.put(made(`more-${index}`, `s-${index}`, {}, 'Widget'));
    await rest();
    server.remove(plain('Widget', 's-29'));
    await until(() => gone.length === 1);

    expect(sourceWatches('widgets')).toEqual(['metadata.name=s-0', null]);
    expect(server.watchers).toBe(2);
  });

  it('look at Secrets by their names alone', async () => {
    for (const name of ['one', 'two']) {
      server.put(plain('Secret', name));
      server.put(made(`of-${name}`, name));
    }
    watches.follow([configMaps]);
    await until(() => server.watchers === 3);
    server.remove(plain('Secret', 'two'));
    await until(() => gone.length === 1);

    expect(sourceWatches()).toEqual(['metadata.name=one', 'metadata.name=two']);
  });

  it('end with the kinds that are followed', async () => {
    server.put(plain('Secret', 's'));
    server.put(made('one', 's'));
    watches.follow([configMaps]);
    await until(() => server.watchers === 2);
    watches.follow([]);
    await until(() => server.watchers === 0);
  });

  it('that may not be kept are told once: changes are then noticed later', async () => {
    server.fault = () => ({ kind: 'status', status: 403 });
    watches.follow([configMaps]);
    await until(() => lines.length > 0);
    await rest();

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('changes are noticed later');
  });
});
