// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, namespaceKind, until, widgetKind } from '../../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject } from '../../../../formats/document.ts';
import { systemClock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import { noteCopy } from '../../../../policy/kyverno/copied-from.ts';
import { BackgroundWrites } from './background-writes.ts';
import { generatedFrom, marked, marksOf, unmarked } from './generated-marks.ts';
import { GeneratedObjects } from './generated-objects.ts';
import { KnownPolicies } from './known-policies.ts';
import { byPolicyName, intentOf } from './policy-intents.ts';
import { scannedObject } from './scanned-request.ts';
import type { ToldDeletion } from './told-deletion.ts';

const verbs = ['get', 'list', 'watch', 'create', 'delete'];
const configMaps: KubeResource = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
  verbs,
};
const clusterPolicy = (generate: JsonObject = {}, name = 'defaults', rule = 'made'): JsonObject => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name },
  spec: { rules: [{ name: rule, generate: { kind: 'ConfigMap', synchronize: true, data: {}, ...generate } }] },
});
const trigger = (uid = 't-1', name = 'trigger'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', uid },
});
const made = (namespace = 'shop'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'made', namespace, labels: { own: 'x' } },
  data: { a: '1' },
});

describe('what was generated', () => {
  let server: KubeServer;
  let client: KubeClient;
  let generated: GeneratedObjects;
  let writes: BackgroundWrites;
  let known: KnownPolicies | undefined;
  let isLeader: boolean;
  let kinds: ReadonlySet<string>;
  const lines: string[] = [];
  const told: ToldDeletion[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });
  const shared = () => ({
    client,
    clock: systemClock,
    log,
    isLeader: () => isLeader,
    exemptNamespaces: new Set(['kube-system']),
    pause: (milliseconds: number) => new Promise<void>((wake) => setTimeout(wake, Math.min(milliseconds, 2))),
  });

  beforeEach(async () => {
    server = await new KubeServer([namespaceKind, configMaps, widgetKind]).listen();
    client = clientOf(server.url, hurriedPace());
    writes = new BackgroundWrites({ ...shared(), acts: true });
    isLeader = true;
    kinds = new Set(['ClusterPolicy']);
    lines.length = 0;
    told.length = 0;
    known = new KnownPolicies({ documents: [clusterPolicy()], refused: [], kinds });
  });
  afterEach(async () => {
    await generated.close();
    client.close();
    await server.close();
  });
  function start(acts = true): void {
    generated = new GeneratedObjects({
      ...shared(),
      acts,
      policies: () => known,
      told: (deletion) => void told.push(deletion),
      every: 2,
      grace: 20,
      sweepEvery: 40,
    });
  }
  async function generate(policy: JsonObject, by: KubeObject = trigger(), object: KubeObject = made()): Promise<void> {
    const rule = 'made';
    const name = String(asObject(policy['metadata'])?.['name']);
    const write = { policy: name, rule, kind: 'make', object } as const;
    const source = server.find(configMaps, 'source', 'shop');
    if (source !== undefined) noteCopy(object, source);
    const intent = intentOf(write, byPolicyName([policy]));
    const from = generatedFrom(write, intent, scannedObject(by));
    writes.offer(write, { ...intent, because: 'u', from });
    await writes.idle();
  }
  const stored = async (namespace = 'shop'): Promise<JsonObject | undefined> => {
    const found = await client.get(configMaps, 'made', { namespace });
    return found.kind === 'found' ? found.value : undefined;
  };
  const rounds = () => new Promise((wake) => setTimeout(wake, 150));
  const replaced = (documents: readonly JsonObject[], refused: readonly JsonObject[] = []): void => {
    known = new KnownPolicies({ documents, refused, kinds }, known);
    generated.look();
  };
  const gone = (): Promise<void> => until(() => lines.some((line) => line.includes('has been deleted')));

  it('bears labels that name the policy, the rule and the trigger', async () => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());

    expect(asObject((await stored())?.['metadata'])?.['labels']).toEqual({
      own: 'x',
      'generate.landwaiter.dev/policy': 'defaults',
      'generate.landwaiter.dev/rule': 'made',
      'generate.landwaiter.dev/trigger': 't-1',
    });
  });

  it('stays as long as its policy and its trigger are there', async () => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());
    await rounds();

    expect(await stored()).toBeDefined();
    expect(lines.filter((line) => line.includes('deleted'))).toEqual([]);
  });

  it.each([
    ['policy', []],
    ['rule', [clusterPolicy({}, 'defaults', 'another')]],
  ])('goes with its %s', async (_what, documents) => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());
    replaced(documents);
    await gone();

    expect(await stored()).toBeUndefined();
    expect(lines.join('')).toContain('ConfigMap shop/made was generated and has been deleted: ClusterPolicy defaults');
  });

  it('goes with its trigger, also when another of that name came', async () => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());
    server.put(trigger('t-2'));
    await gone();

    expect(lines.join('')).toContain('ConfigMap shop/trigger is another one now');
    expect(told).toMatchObject([
      {
        policy: { kind: 'ClusterPolicy' },
        object: { kind: 'ConfigMap', metadata: { name: 'made' } },
        why: expect.stringContaining('another one'),
      },
    ]);
  });

  it('goes with its trigger though the policy lets go of it only then', async () => {
    server.put(trigger());
    start();
    const policy = clusterPolicy({ data: undefined, clone: { name: 'source', namespace: 'shop' } });
    known = new KnownPolicies({ documents: [policy], refused: [], kinds });
    await generate(policy);
    server.remove(trigger());
    await gone();

    expect(await stored()).toBeUndefined();
  });

  describe('as a copy', () => {
    const source = (uid = 's-1'): KubeObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'source', namespace: 'shop', uid },
    });
    const copying = clusterPolicy({ data: undefined, clone: { name: 'source', namespace: 'shop' } });
    const prepare = async (policy = copying): Promise<void> => {
      server.put(trigger());
      server.put(source());
      known = new KnownPolicies({ documents: [policy], refused: [], kinds });
      start();
      await generate(policy);
    };

    it('goes with its source', async () => {
      await prepare();
      await rounds();
      expect(await stored()).toBeDefined();
      server.remove(source());
      await gone();

      expect(await stored()).toBeUndefined();
      expect(lines.join('')).toContain('has been deleted: ConfigMap shop/source is gone');
    });

    it('stays when another source of that name came: it is a copy of that then', async () => {
      await prepare();
      server.put(source('s-2'));
      await rounds();

      expect(await stored()).toBeDefined();
    });

    it.each([
      [
        'keeps nothing',
        [clusterPolicy({ data: undefined, clone: { name: 'source', namespace: 'shop' }, synchronize: false })],
      ],
      ['is gone', []],
    ])('stays when its source is gone and the policy %s', async (_name, documents) => {
      await prepare();
      replaced(documents);
      await rounds();
      server.remove(source());
      generated.gone({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'source' });
      await rounds();

      expect(await stored()).toBeDefined();
    });

    it('stays while nobody can say whether its source is gone', async () => {
      await prepare();
      server.fault = ({ path, method }) =>
        method === 'GET' && path.endsWith('/source') ? { kind: 'status', status: 403 } : undefined;
      server.remove(source());
      await rounds();

      expect(await stored()).toBeDefined();
      expect(lines.join('')).toMatch(/whether ConfigMap shop\/source is still there could not be asked/);
    });

    it('goes with its source where several objects make the rule want it', async () => {
      await prepare();
      await generate(copying, trigger('t-2', 'other'));
      server.remove(trigger());
      await rounds();
      expect(await stored()).toBeDefined();
      server.remove(source());
      await gone();

      expect(await stored()).toBeUndefined();
    });
  });

  it.each([
    ['is a copy', { data: undefined, clone: { name: 'source', namespace: 'shop' } }],
    ['is to be orphaned', { orphanDownstreamOnPolicyDelete: true }],
    ['is kept no more', { synchronize: false }],
  ])('stays without its policy where it %s', async (_what, last) => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());
    // What the policy said last counts, though the object was marked before.
    replaced([clusterPolicy(last)]);
    await rounds();
    if (_what !== 'is kept no more') replaced([]);
    await rounds();

    expect(await stored()).toBeDefined();
  });

  it('stays while nobody can say whether its policy or its trigger is gone', async () => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());
    replaced([clusterPolicy({ nonsense: true })], [clusterPolicy()]);
    server.remove(trigger());
    await rounds();
    expect(await stored()).toBeDefined();

    known = undefined;
    await rounds();
    expect(await stored()).toBeDefined();

    server.put(trigger());
    known = new KnownPolicies({ documents: [clusterPolicy()], refused: [], kinds });
    server.fault = ({ path }) => (path.endsWith('/trigger') ? { kind: 'status', status: 403 } : undefined);
    server.remove(trigger());
    await rounds();
    expect(await stored()).toBeDefined();
    expect(lines.join('')).toContain('whether ConfigMap shop/trigger is still there could not be asked');
  });

  it('stays when the whole kind of its policy is gone: nobody has taken the policy back', async () => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());
    kinds = new Set();
    replaced([]);
    await rounds();
    expect(await stored()).toBeDefined();

    kinds = new Set(['ClusterPolicy']);
    replaced([]);
    await gone();
  });

  it('stays where several objects make a rule want it, and one of them goes', async () => {
    server.put(trigger());
    server.put(trigger('t-2', 'second'));
    start();
    await generate(clusterPolicy());
    await generate(clusterPolicy(), trigger('t-2', 'second'));
    server.remove(trigger());
    await rounds();
    expect(await stored()).toBeDefined();

    replaced([]);
    await gone();
  });

  it.each([
    ['is served in another version than when it was made', 'shop.example/v1beta1'],
    ['is not served at all', 'gone.example/v1'],
  ])('stays when the kind of its trigger %s: that is no loss', async (_what, apiVersion) => {
    const widget = {
      apiVersion: 'shop.example/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'shop', uid: 'w' },
    };
    server.put(widget);
    start();
    await generate(clusterPolicy(), { ...widget, apiVersion });
    await rounds();
    expect(await stored()).toBeDefined();
    if (apiVersion.startsWith('gone')) {
      expect(lines.join('')).toContain('the server has no kind Widget (gone.example/v1) now');
      return;
    }
    server.remove(widget);
    await gone();
  });

  it('goes also where its kind comes after a hundred others', async () => {
    await server.close();
    const others = Array.from({ length: 100 }, (_, index) => ({
      ...configMaps,
      kind: `K${index}`,
      resource: `k${index}`,
    }));
    server = await new KubeServer([...others, configMaps]).listen();
    client.close();
    client = clientOf(server.url, hurriedPace());
    const object = marked(made(), {
      policy: { kind: 'ClusterPolicy', name: 'gone' },
      rule: 'made',
      trigger: 'several',
      withoutPolicy: 'delete',
    });
    server.put(object as KubeObject);
    start();
    await gone();

    expect(await stored()).toBeUndefined();
  });

  it('is only told without the permission to act, and not by who does not lead', async () => {
    server.put(trigger());
    start(false);
    await generate(clusterPolicy());
    replaced([]);
    await until(() => lines.some((line) => line.includes('it is not deleted (--act)')));
    expect(await stored()).toBeDefined();
    await generated.close();

    isLeader = false;
    start();
    await rounds();
    expect(await stored()).toBeDefined();
  });

  it('is nothing that was there before, that was copied, or that lies in a namespace of the system', async () => {
    server.put(trigger());
    server.put({ ...made(), data: { a: 'before' } });
    const from = generatedFrom(
      { policy: 'defaults', rule: 'made', kind: 'make', object: made() },
      { isKept: true, policyKind: 'ClusterPolicy', withoutPolicy: 'delete' },
      scannedObject(trigger()),
    );
    if (from === undefined) throw new Error('no marks');
    const marks = marked(made(), from) as KubeObject;
    server.put({ ...marks, metadata: { ...marks.metadata, name: 'copy' } });
    server.put(marked(made('kube-system'), from) as KubeObject);
    start();
    await generate(clusterPolicy());
    expect(await stored()).toMatchObject({ data: { a: '1' } });
    replaced([]);
    await rounds();

    expect(await stored()).toBeDefined();
    expect(await stored('kube-system')).toBeDefined();
    expect((await client.get(configMaps, 'copy', { namespace: 'shop' })).kind).toBe('found');
    expect(lines.join('')).toContain('ConfigMap shop/copy bears labels of generated objects that were not made for it');
  });

  it('is left alone when somebody makes it again and again', async () => {
    server.put(trigger());
    start();
    await generate(clusterPolicy());
    const again = (await stored()) as KubeObject;
    replaced([]);
    for (let round = 0; round < 8; round += 1) {
      server.put(again);
      await rounds();
    }

    expect(generated.deleted).toBe(5);
    expect(await stored()).toBeDefined();
    expect(lines.join('')).toContain('who makes it again?');
  });

  it('keeps marks that fit into labels, whatever the names are', () => {
    const from = {
      policy: { kind: 'Policy', name: `shop/${'p'.repeat(80)}` },
      rule: 'a rule, with spaces',
      trigger: { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'shop', uid: 'u' },
      withoutPolicy: 'keep',
    } as const;
    const object = marked(made(), from);
    const labels = Object.values(asObject(asObject(object['metadata'])?.['labels']) ?? {});

    expect(labels.every((value) => /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(String(value)))).toBe(true);
    expect(marksOf(object)).toEqual(from);
    expect(unmarked(object)).toEqual({ ...made(), metadata: { ...made().metadata, annotations: {} } });
    expect(marksOf({ ...object, metadata: { ...asObject(object['metadata']), namespace: 'other' } })).toBeUndefined();
  });
});
