// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { applyStrategicMerge } from './strategic-merge.ts';

function pod(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

/** The patched spec, or the message of the fault. */
function patchedSpec(spec: JsonObject, patch: JsonObject): unknown {
  const result = applyStrategicMerge(pod(spec), { spec: patch });
  return result.kind === 'fault' ? result.message : result.value['spec'];
}

describe('a strategic merge patch', () => {
  it('merges containers by name and puts those of the patch first', () => {
    const result = patchedSpec(
      {
        containers: [
          { name: 'a', image: 'a:1', tty: true },
          { name: 'b', image: 'b:1' },
        ],
      },
      {
        containers: [
          { name: 'c', image: 'c:1' },
          { name: 'a', image: 'a:2' },
        ],
      },
    );

    expect(result).toEqual({
      containers: [
        { name: 'c', image: 'c:1' },
        { name: 'a', image: 'a:2', tty: true },
        { name: 'b', image: 'b:1' },
      ],
    });
  });

  it('merges ports by containerPort alone', () => {
    const result = patchedSpec(
      { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] }] },
      { containers: [{ name: 'a', ports: [{ containerPort: 80, name: 'web' }] }] },
    );

    expect(result).toEqual({
      containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'web' }] }],
    });
  });

  it('replaces lists that have no merge key', () => {
    const result = patchedSpec({ tolerations: [{ key: 'a' }] }, { tolerations: [{ key: 'b' }] });

    expect(result).toEqual({ tolerations: [{ key: 'b' }] });
  });

  it('removes what is null and what $patch deletes', () => {
    const result = patchedSpec(
      {
        hostNetwork: true,
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', emptyDir: {} },
        ],
      },
      { hostNetwork: null, volumes: [{ $patch: 'delete', name: 'a' }] },
    );

    expect(result).toEqual({ volumes: [{ name: 'b', emptyDir: {} }] });
  });

  it('replaces a list or an object when $patch says so', () => {
    const result = patchedSpec(
      { securityContext: { runAsUser: 1, runAsGroup: 2 }, volumes: [{ name: 'a' }] },
      { securityContext: { $patch: 'replace', runAsUser: 3 }, volumes: [{ name: 'z' }, { $patch: 'replace' }] },
    );

    expect(result).toEqual({ securityContext: { runAsUser: 3 }, volumes: [{ name: 'z' }] });
  });

  it('keeps only the keys that $retainKeys names', () => {
    const result = patchedSpec(
      { volumes: [{ name: 'a', emptyDir: {} }] },
      { volumes: [{ name: 'a', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] },
    );

    expect(result).toEqual({ volumes: [{ name: 'a', hostPath: { path: '/x' } }] });
  });

  it('merges and shortens lists of scalars', () => {
    const object = pod({}, { finalizers: ['a', 'b'] });

    const merged = applyStrategicMerge(object, { metadata: { finalizers: ['c', 'a'] } });
    const shortened = applyStrategicMerge(object, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } });

    expect(merged).toMatchObject({ value: { metadata: { finalizers: ['c', 'a', 'b'] } } });
    expect(shortened).toMatchObject({ value: { metadata: { finalizers: ['b'] } } });
  });

  it('puts elements into the order of $setElementOrder', () => {
    const result = patchedSpec(
      { containers: [{ name: 'a' }, { name: 'x' }, { name: 'b' }] },
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'b', image: 'b:2' }] },
    );

    // What only the server has keeps its place before what follows it there.
    expect(result).toEqual({ containers: [{ name: 'x' }, { name: 'b', image: 'b:2' }, { name: 'a' }] });
  });

  it('leaves no directives in what it adds', () => {
    const result = patchedSpec(
      {},
      {
        affinity: { $retainKeys: ['nodeAffinity'], nodeAffinity: { a: null } },
        volumes: [{ $patch: 'delete', name: 'a' }],
      },
    );

    expect(result).toEqual({ affinity: { nodeAffinity: {} }, volumes: [] });
  });

  it.each([
    ['an unknown directive', { securityContext: { $patch: 'forget' } }, 'unknown $patch directive'],
    ['an element without its merge key', { containers: [{ image: 'x' }] }, "no merge key 'name'"],
    [
      'an order that the patch contradicts',
      { '$setElementOrder/containers': [{ name: 'b' }], containers: [{ name: 'a' }] },
      'is not that of',
    ],
    [
      'keys that are not retained',
      { securityContext: { $retainKeys: ['runAsUser'], runAsGroup: 1 } },
      "does not hold 'runAsGroup'",
    ],
  ])('is refused for %s', (_, patch, message) => {
    const result = patchedSpec({ containers: [{ name: 'a' }], securityContext: { runAsUser: 1 } }, patch);

    expect(result).toContain(message);
  });

  it('is refused for custom resources', () => {
    const result = applyStrategicMerge({ apiVersion: 'example.com/v1', kind: 'Thing' }, {});

    expect(result).toMatchObject({ kind: 'fault', code: 'invalid' });
  });
});
