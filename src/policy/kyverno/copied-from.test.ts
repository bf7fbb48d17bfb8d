// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { requestFor } from '../admission-policy/request.ts';
import type { DataProvider, Lookup } from '../data-provider.ts';
import { noData } from '../data-provider.ts';
import type { EngineDocument, EngineOutcome, PolicyWrite } from '../engine.ts';
import { copiedFrom } from './copied-from.ts';
import { kyvernoPolicyEngine } from './policy-engine.ts';

const secret = (uid: string | undefined): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'from', ...(uid === undefined ? {} : { uid }) },
});
const document = (object: JsonObject): EngineDocument => {
  const location = { path: 'p' };
  return { object, locate: () => location, locateValue: () => location };
};

function judgedWith(policy: JsonObject, more: Partial<DataProvider>): EngineOutcome {
  const provider: DataProvider = { ...noData, ...more };
  const cluster = { objects: () => [], namespace: () => undefined };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const compiled = kyvernoPolicyEngine.compile([document(policy)], { unbound: 'apply' });
  return compiled.judge(requestFor(namespace), { cluster, provider, writes: 'wanted' });
}

function writesOf(policy: JsonObject, source: JsonObject): readonly PolicyWrite[] {
  const objects = () => ({ kind: 'found', value: [source] }) as const;
  return judgedWith(policy, { objects, apiCall: () => ({ kind: 'found', value: source }) }).writes ?? [];
}

const rule = (generate: JsonObject): JsonObject => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'p' },
  spec: { rules: [{ name: 'r', match: { any: [{ resources: { kinds: ['Namespace'] } }] }, generate }] },
});
const inCel: JsonObject = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'GeneratingPolicy',
  metadata: { name: 'p' },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['namespaces'] }],
    },
    generate: [{ expression: 'generator.Apply("shop", [resource.Get("v1", "secrets", "from", "s")])' }],
  },
};
const target = { namespace: 'shop', synchronize: true };

describe('what a generated object is a copy of', () => {
  it.each([
    [
      'clone',
      rule({ ...target, apiVersion: 'v1', kind: 'Secret', name: 'c', clone: { name: 's', namespace: 'from' } }),
    ],
    ['cloneList', rule({ ...target, cloneList: { namespace: 'from', kinds: ['v1/Secret'] } })],
    ['generator.Apply of what was looked up', inCel],
  ])('is known of %s', (_name, policy) => {
    const [write] = writesOf(policy, secret('u'));

    expect(copiedFrom(write?.object ?? {})).toMatchObject({ metadata: { name: 's', namespace: 'from' } });
    expect(JSON.stringify(write)).not.toContain('"from"');
  });

  it('is not told to be nothing where the server has no such kind, or in another version only', () => {
    const list = rule({ ...target, cloneList: { namespace: 'from', kinds: ['old.example/v1beta1/Widget'] } });

    expect(judgedWith(list, { objects: () => ({ kind: 'absent' }) }).decisions).toMatchObject([
      { outcome: 'error', message: 'the server has no kind Widget (old.example/v1beta1)' },
    ]);
  });

  it('is asked for by its name where that is possible, and what could not be asked is not taken for absent', () => {
    const clone = rule({
      ...target,
      apiVersion: 'v1',
      kind: 'Secret',
      name: 'c',
      clone: { name: 's', namespace: 'from' },
    });
    const listed = (): never => {
      throw new Error('nobody lists Secrets');
    };
    const asked: unknown[] = [];
    const judged = (answer: Lookup<JsonObject>): EngineOutcome =>
      judgedWith(clone, { objects: listed, object: (place) => (asked.push(place), answer) });

    expect(judged({ kind: 'found', value: secret('u') }).writes).toMatchObject([
      { object: { kind: 'Secret', metadata: { name: 'c', namespace: 'shop' } } },
    ]);
    expect(asked).toEqual([{ apiVersion: 'v1', kind: 'Secret', namespace: 'from', name: 's' }]);
    for (const [answer, message] of [
      [{ kind: 'failed', message: 'secrets "s" is forbidden' }, 'secrets "s" is forbidden'],
      [{ kind: 'absent' }, 'source from/s not found'],
      [{ kind: 'unavailable' }, 'Secret from/s is not known here'],
    ] as const) {
      expect(judged(answer).decisions).toMatchObject([{ outcome: 'error', message }]);
      expect(judged(answer).writes ?? []).toEqual([]);
    }
  });

  it('is nothing for what was made from data, and for what never was in the cluster', () => {
    const data = { ...target, apiVersion: 'v1', kind: 'Secret', name: 'c', data: {} };
    const writes = [...writesOf(rule(data), secret('u')), ...writesOf(inCel, secret(undefined))];

    expect(writes.map(({ object }) => copiedFrom(object))).toEqual([undefined, undefined]);
  });
});
