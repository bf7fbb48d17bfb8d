// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { noData } from '../data-provider.ts';
import { podSecurityEngine } from './engine.ts';
import { isSignificantUpdate } from './pod-update.ts';

const pod = (more: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'old', namespace: 'shop', ...metadata },
  spec: { hostNetwork: true, containers: [{ name: 'a', image: 'a:1' }], ...more },
});
const profile = (value: string): JsonObject => ({
  annotations: { 'container.apparmor.security.beta.kubernetes.io/a': value, other: value },
});

describe('a change of a Pod', () => {
  test.each([
    ['of an image', pod({ containers: [{ name: 'a', image: 'a:2' }] })],
    ['of an initial container', pod({ initContainers: [{ name: 'b', image: 'b' }] })],
    ['by a container for debugging', pod({ ephemeralContainers: [{ name: 'd', image: 'sh' }] })],
    ['of what protects a container', pod({}, profile('unconfined'))],
  ])('%s is judged', (_, changed) => {
    expect(isSignificantUpdate(changed, pod())).toBe(true);
  });

  test.each([
    ['of finalizers and labels', pod({}, { finalizers: [], labels: { a: 'b' } })],
    ['of tolerations', pod({ tolerations: [{ operator: 'Exists' }] })],
    ['of other annotations', pod({}, { annotations: { other: 'x' } })],
  ])('%s is not', (_, changed) => {
    expect(isSignificantUpdate(changed, pod())).toBe(false);
  });
});

test('a Pod from before its namespace had labels used to be kept from losing its finalizers', () => {
  const engine = podSecurityEngine.compile([], { unbound: 'apply' });
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const cluster = { objects: () => [], namespace: (name: string) => ({ metadata: { name, labels } }) };
  const request = (object: JsonObject) => ({
    operation: 'UPDATE' as const,
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'shop',
    name: 'old',
    object,
    oldObject: pod({}, { finalizers: ['shop/keep'] }),
  });
  const outcomes = [pod(), pod({ containers: [{ name: 'a', image: 'a:2' }] })].map((object) =>
    engine.judge(request(object), { cluster, provider: noData }).decisions.map(({ outcome }) => outcome),
  );

  expect(outcomes).toEqual([[], ['fail']]);
});
