// SPDX-License-Identifier: Apache-2.0
// Generated objects whose trigger is still there, but is nothing any more that their rule is about.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, namespaceKind, until } from '../../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { systemClock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import type { EngineDecision } from '../../../../policy/policy-set.ts';
import type { ObjectPlace } from './generated-marks.ts';
import { marked } from './generated-marks.ts';
import type { JudgedTrigger } from './generated-objects.ts';
import { GeneratedObjects } from './generated-objects.ts';
import { KnownPolicies } from './known-policies.ts';

const configMaps: KubeResource = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
  verbs: ['list', 'watch', 'delete'],
};
const trigger = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'trigger', uid: 't' };
const plain = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', uid: name },
});
const made = (name: string): KubeObject => {
  const policy = { kind: 'ClusterPolicy', name: 'defaults' };
  return marked(plain(name), { policy, rule: 'made', trigger, withoutPolicy: 'keep' }) as KubeObject;
};
const policy: JsonObject = {
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'defaults' },
  spec: { rules: [{ name: 'made', generate: { kind: 'ConfigMap', synchronize: true, data: {} } }] },
};
const wish = (name: string) => ({ policy: 'defaults', rule: 'made', kind: 'make', object: plain(name) }) as const;
const decision = (more: Partial<EngineDecision>): EngineDecision => ({
  engine: 'kyverno',
  policy: 'defaults',
  rule: 'made',
  outcome: 'skip',
  effect: 'audit',
  message: '',
  ...more,
});

describe('what was generated for an object that the rule is about no more', () => {
  let server: KubeServer;
  let client: KubeClient;
  let generated: GeneratedObjects;
  const touched: ObjectPlace[] = [];
  /** Called when the trigger is to be judged again. */
  let answer: (() => void) | undefined;
  /** Called after each deletion. */
  let hold: (() => void) | undefined;
  const betweenDeletions = 200;
  const lines: string[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });

  beforeEach(async () => {
    server = await new KubeServer([namespaceKind, configMaps]).listen();
    server.initialEvents = 'answered';
    client = clientOf(server.url, hurriedPace());
    lines.length = 0;
    touched.length = 0;
    hold = undefined;
    answer = undefined;
    server.put({ ...plain('trigger'), metadata: { ...plain('trigger').metadata, uid: 't' } });
    for (const name of ['one', 'two']) server.put(made(name));
    const known = new KnownPolicies({ documents: [policy], refused: [], kinds: new Set(['ClusterPolicy']) });
    generated = new GeneratedObjects({
      client,
      clock: systemClock,
      log,
      acts: true,
      isLeader: () => true,
      exemptNamespaces: new Set(),
      pause: async (milliseconds) => {
        await new Promise((wake) => setTimeout(wake, Math.min(milliseconds, 2)));
        if (milliseconds === betweenDeletions) hold?.();
      },
      policies: () => known,
      touched: (place) => {
        touched.push(place);
        answer?.();
      },
      every: 2,
      grace: 20,
    });
    await until(() => server.watchers === 1);
    await rounds();
  });
  afterEach(async () => {
    await generated.close();
    client.close();
    await server.close();
  });
  const rounds = () => new Promise((wake) => setTimeout(wake, 100));
  const there = (): readonly string[] =>
    ['one', 'two'].filter((name) => server.find(configMaps, name, 'shop') !== undefined);
  const judged = (
    outcome: Partial<JudgedTrigger>,
    policies: readonly string[] = ['ClusterPolicy defaults'],
    uid = 't',
  ): void => generated.judged({ ...trigger, uid }, { writes: [], decisions: [], ...outcome }, new Set(policies));

  it('goes, and what is still wanted stays', async () => {
    judged({ writes: [wish('one')], decisions: [decision({ outcome: 'pass' })] });
    await until(() => there().length === 1);
    await rounds();

    expect(there()).toEqual(['one']);
    expect(lines.join('')).toContain(
      'ConfigMap shop/two was generated and has been deleted: defaults/made no longer wants it for ConfigMap shop/trigger',
    );
  });

  it('stays when it is wanted again soon', async () => {
    judged({});
    judged({ writes: [wish('one'), wish('two')] });
    await rounds();

    expect(there()).toEqual(['one', 'two']);
  });

  it('stays when it was wanted again while others were being deleted', async () => {
    hold = () => judged({ writes: [wish('one'), wish('two')] });
    judged({});
    await until(() => there().length === 1);
    await rounds();

    expect(there().length).toBe(1);
  });

  it('stays when policies have changed since: its trigger is judged by them first', async () => {
    judged({});
    generated.look();
    await rounds();

    expect(there()).toEqual(['one', 'two']);
    expect(touched).toContainEqual({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'trigger' });
  });

  it('is not forgotten when the objects could not be listed for a while', async () => {
    server.fault = ({ path, query }) =>
      path.endsWith('/configmaps') && !query.has('watch') ? { kind: 'status', status: 500 } : undefined;
    judged({});
    await until(() => lines.join('').includes('configmaps could not be read'));
    await rounds();
    server.fault = () => undefined;

    await until(() => there().length === 0);
  });

  it('does not go on for ever with a rule that makes up another name each time', async () => {
    let count = 0;
    answer = () => {
      const name = `name-${(count += 1)}`;
      server.put(made(name));
      judged({ writes: [wish(name)] });
    };
    judged({});
    await until(() => there().length === 0);
    for (let round = 0; round < 8; round += 1) await rounds();
    const before = count;
    for (let round = 0; round < 4; round += 1) await rounds();

    expect(before).toBeGreaterThan(0);
    expect(count).toBe(before);
  });

  it.each<readonly [string, Parameters<typeof judged>]>([
    ['the rule could not judge', [{ decisions: [decision({ outcome: 'error' })] }]],
    ['an exception keeps the rule from judging', [{ decisions: [decision({ exceptions: ['shop/e'] })] }]],
    ['nobody could judge at all', [{ decisions: [decision({ engine: 'landwaiter', policy: 'landwaiter' })] }]],
    ['the policy was not asked', [{}, ['ClusterPolicy other']]],
    ['only an exception or another kind of policy of that name was asked', [{}, ['PolicyException defaults']]],
    ['it was made for another object of that name', [{}, ['ClusterPolicy defaults'], 'other']],
  ])('stays when %s', async (_name, given) => {
    judged(...given);
    await rounds();

    expect(there()).toEqual(['one', 'two']);
  });
});
