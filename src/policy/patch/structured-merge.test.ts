// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { applyStructuredMerge, isSettled } from './structured-merge.ts';

function pod(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

/** The merged spec, or the message of the fault. */
function mergedSpec(live: JsonObject, applied: JsonObject, atomics: 'refuse' | 'replace' = 'replace'): unknown {
  const result = applyStructuredMerge(pod(live), { spec: applied }, { atomics });
  return result.kind === 'fault' ? result.message : result.value['spec'];
}

describe('a structured merge', () => {
  it('merges lists with keys and leaves the order of the object', () => {
    const result = mergedSpec(
      { containers: [{ name: 'a', image: 'a:1' }, { name: 'b' }] },
      { containers: [{ name: 'b', image: 'b:2' }, { name: 'c' }] },
    );

    expect(result).toEqual({ containers: [{ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:2' }, { name: 'c' }] });
  });

  it('takes TCP for the protocol of a port that names none', () => {
    const result = mergedSpec(
      { containers: [{ name: 'a', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] }] },
      { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'web' }] }] },
    );

    expect(result).toEqual({
      containers: [
        {
          name: 'a',
          ports: [
            { containerPort: 80, protocol: 'TCP', name: 'web' },
            { containerPort: 80, protocol: 'UDP' },
          ],
        },
      ],
    });
  });

  it('unites sets and replaces atomic lists, maps and structures', () => {
    const live = pod({ tolerations: [{ key: 'a' }], nodeSelector: { a: 'b' } }, { finalizers: ['a', 'b'] });

    const result = applyStructuredMerge(live, {
      metadata: { finalizers: ['b', 'c'] },
      spec: { tolerations: [{ key: 'z' }], nodeSelector: { c: 'd' } },
    });

    expect(result).toMatchObject({
      value: {
        metadata: { finalizers: ['a', 'b', 'c'] },
        spec: { tolerations: [{ key: 'z' }], nodeSelector: { c: 'd' } },
      },
    });
  });

  it('refuses what is atomic where a policy asks for it, with its path', () => {
    const env = {
      containers: [{ name: 'a', env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }],
    };

    expect(mergedSpec({}, { nodeSelector: { a: 'b' } }, 'refuse')).toContain('structs: .spec.nodeSelector');
    expect(mergedSpec({}, env, 'refuse')).toContain('.spec.containers[0].env[0].valueFrom.secretKeyRef');
    expect(mergedSpec({}, { hostNetwork: true }, 'refuse')).toEqual({ hostNetwork: true });
  });

  it.each([
    ['a field that the kind does not have', { hostNetwrok: true }, '.spec.hostNetwrok: field not declared in schema'],
    ['a value of another type', { hostNetwork: 'yes' }, '.spec.hostNetwork: expected bool'],
    ['a list for a map', { securityContext: [] }, '.spec.securityContext: expected map'],
    ['the same key twice', { containers: [{ name: 'a' }, { name: 'a' }] }, 'two entries with the same key'],
  ])('refuses %s', (_, applied, message) => {
    const result = mergedSpec({}, applied);

    expect(result).toContain(message);
  });

  it('merges maps and replaces lists of kinds without a schema', () => {
    const live = { apiVersion: 'example.com/v1', kind: 'Thing', spec: { a: 1, list: [1] } };

    const result = applyStructuredMerge(live, { spec: { b: 2, list: [2] } });

    expect(result).toMatchObject({ value: { spec: { a: 1, b: 2, list: [2] } } });
  });

  it('changes nothing when it is done again', () => {
    const configuration = { spec: { containers: [{ name: 'a', env: [{ name: 'X', value: '1' }] }] } };
    const first = applyStructuredMerge(pod({ containers: [{ name: 'a', env: [{ name: 'Y' }] }] }), configuration);

    const isStable = first.kind === 'patched' && isSettled(first.value, configuration);

    expect(isStable).toBe(true);
  });
});
