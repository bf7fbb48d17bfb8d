// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { applyKyamlMerge } from './kyaml-merge.ts';
import { applyMutatePattern } from './mutate-anchors.ts';

function pod(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

/** Enough of the pattern language for these tests: `*`, a prefix with `*`, text, and maps whose members match. */
function matches(value: unknown, pattern: unknown): boolean {
  if (pattern !== null && typeof pattern === 'object')
    return Object.entries(pattern).every(([key, each]) => matches(String((value as JsonObject)[key]), each));
  const text = String(pattern);
  return text.endsWith('*') ? String(value).startsWith(text.slice(0, -1)) : value === text;
}

function mutated(resource: JsonObject, pattern: JsonObject): unknown {
  const result = applyMutatePattern(resource, pattern, matches);
  return result.kind === 'patched' ? result.value : result.kind;
}

describe('a mutate pattern', () => {
  it('adds what is absent and leaves what is there', () => {
    const result = mutated(pod({}, { labels: { a: '1' } }), { metadata: { labels: { '+(a)': '2', '+(b)': '2' } } });

    expect(result).toEqual(pod({}, { labels: { a: '1', b: '2' } }));
  });

  it('changes the elements that meet a condition, each by its name', () => {
    const resource = pod({
      containers: [
        { name: 'a', image: 'x:latest' },
        { name: 'b', image: 'y:1' },
      ],
    });

    const result = mutated(resource, { spec: { containers: [{ '(image)': 'x:*', imagePullPolicy: 'Always' }] } });

    expect(result).toEqual(
      pod({
        containers: [
          { name: 'a', image: 'x:latest', imagePullPolicy: 'Always' },
          { name: 'b', image: 'y:1' },
        ],
      }),
    );
  });

  it('decides for every element by itself what is absent', () => {
    const resource = pod({ containers: [{ name: 'a', imagePullPolicy: 'Never' }, { name: 'b' }] });

    const result = mutated(resource, { spec: { containers: [{ '(name)': '*', '+(imagePullPolicy)': 'Always' }] } });

    expect(result).toEqual(
      pod({
        containers: [
          { name: 'b', imagePullPolicy: 'Always' },
          { name: 'a', imagePullPolicy: 'Never' },
        ],
      }),
    );
  });

  it('does nothing when a condition of the resource is not met', () => {
    const result = mutated(pod({ hostNetwork: true }), { spec: { '(hostNetwork)': false, dnsPolicy: 'Default' } });

    expect(result).toBe('unmet');
  });

  it('does nothing when no element meets a global condition, and acts when one does', () => {
    const pattern = { spec: { containers: [{ '<(image)': 'x:*' }], imagePullSecrets: [{ name: 'key' }] } };

    expect(mutated(pod({ containers: [{ name: 'a', image: 'y:1' }] }), pattern)).toBe('unmet');
    expect(mutated(pod({ containers: [{ name: 'a', image: 'x:1' }] }), pattern)).toEqual(
      pod({ containers: [{ name: 'a', image: 'x:1' }], imagePullSecrets: [{ name: 'key' }] }),
    );
  });

  it('leaves nothing of conditions in the resource', () => {
    const result = mutated(pod({ containers: [{ name: 'a', image: 'y:1' }] }, { name: 'p' }), {
      metadata: { '(name)': 'p', labels: { x: 'y' } },
      spec: { containers: [{ '(image)': 'nothing', tty: true }] },
    });

    expect(result).toEqual(pod({ containers: [{ name: 'a', image: 'y:1' }] }, { name: 'p', labels: { x: 'y' } }));
  });

  it('refuses a list where the resource has none', () => {
    const result = mutated(pod({ containers: {} }), { spec: { containers: [{ '(name)': '*', tty: true }] } });

    expect(result).toBe('fault');
  });
});

describe('a merge as kyaml does it', () => {
  it('puts elements of the patch in front and merges them by name', () => {
    const result = applyKyamlMerge(pod({ containers: [{ name: 'a', tty: true }, { name: 'b' }] }), {
      spec: { containers: [{ name: 'c' }, { name: 'a', image: 'x' }] },
    });

    expect(result).toMatchObject({
      value: { spec: { containers: [{ name: 'c' }, { name: 'a', tty: true, image: 'x' }, { name: 'b' }] } },
    });
  });

  it('merges a port whose protocol one side leaves out', () => {
    const result = applyKyamlMerge(
      pod({ containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] }] }),
      {
        spec: { containers: [{ name: 'a', ports: [{ containerPort: 80, name: 'web' }] }] },
      },
    );

    expect(result).toMatchObject({
      value: { spec: { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'web' }] }] } },
    });
  });

  it('removes what is null or deleted', () => {
    const result = applyKyamlMerge(pod({ hostNetwork: true, volumes: [{ name: 'a' }, { name: 'b' }], affinity: {} }), {
      spec: { hostNetwork: null, volumes: [{ name: 'a', $patch: 'delete' }], affinity: { $patch: 'delete' } },
    });

    expect(result).toMatchObject({ value: pod({ volumes: [{ name: 'b' }] }) });
  });

  it('replaces lists of kinds that it does not know', () => {
    const result = applyKyamlMerge(
      { apiVersion: 'example.com/v1', kind: 'Thing', list: [{ name: 'a', x: 1 }] },
      { list: [{ name: 'a' }] },
    );

    expect(result).toMatchObject({ value: { list: [{ name: 'a' }] } });
  });

  it('refuses an element without a name instead of losing others', () => {
    const result = applyKyamlMerge(pod({ containers: [{ name: 'a' }] }), { spec: { containers: [{ image: 'x' }] } });

    expect(result).toMatchObject({ kind: 'fault' });
  });

  it('never throws, whatever it is given', () => {
    const json = fc.dictionary(
      fc.constantFrom('spec', 'containers', 'name', '$patch', '(name)', '+(a)', '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(json, json, (resource, pattern) => {
        applyMutatePattern(pod(resource), { spec: pattern }, () => true);
      }),
    );
  });
});
