// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { applyKyamlMerge } from './kyaml-merge.ts';
import { applyStrategicMerge } from './strategic-merge.ts';
import { applyStructuredMerge } from './structured-merge.ts';

const name = fc.constantFrom('a', 'b', 'c');
const port = fc.record({ containerPort: fc.constantFrom(80, 81), protocol: fc.constantFrom('TCP', 'UDP') });
const container = fc.record(
  {
    name,
    image: fc.constantFrom('x:1', 'x:2'),
    args: fc.array(name, { maxLength: 2 }),
    ports: fc.uniqueArray(port, { selector: ({ containerPort }) => containerPort, maxLength: 2 }),
    env: fc.uniqueArray(fc.record({ name, value: name }), { selector: (item) => item.name, maxLength: 2 }),
    securityContext: fc.record({ privileged: fc.boolean() }, { requiredKeys: [] }),
  },
  { requiredKeys: ['name'] },
);
const spec = fc.record(
  {
    containers: fc.uniqueArray(container, { selector: (item) => item.name, maxLength: 3 }),
    tolerations: fc.array(fc.record({ key: name }), { maxLength: 2 }),
    nodeSelector: fc.dictionary(name, name, { maxKeys: 2 }),
    hostNetwork: fc.boolean(),
  },
  { requiredKeys: [] },
);
const metadata = fc.record(
  { labels: fc.dictionary(name, name, { maxKeys: 2 }), finalizers: fc.uniqueArray(name, { maxLength: 3 }) },
  { requiredKeys: [] },
);
const change: fc.Arbitrary<JsonObject> = fc.record({ metadata, spec });
const pod: fc.Arbitrary<JsonObject> = change.map((members) => ({ apiVersion: 'v1', kind: 'Pod', ...members }));

type Merge = (object: JsonObject, patch: JsonObject) => { readonly kind: string; readonly value?: unknown };

describe.each<readonly [string, Merge]>([
  ['strategic merge', applyStrategicMerge],
  ['kyaml merge', applyKyamlMerge],
  ['structured merge', applyStructuredMerge],
])('a %s', (_, merge) => {
  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(pod, change, (object, patch) => {
        const once = merge(object, patch);
        const twice = merge(once.value as JsonObject, patch);

        expect(once.kind).toBe('patched');
        expect(twice.value).toEqual(once.value);
      }),
    );
  });

  it('holds what was set, and leaves what it was given as it was', () => {
    fc.assert(
      fc.property(pod, change, (object, patch) => {
        const before = JSON.stringify([object, patch]);

        const merged = merge(object, patch).value as { readonly spec?: JsonObject };

        expect(merged.spec?.['hostNetwork']).toBe(
          (patch['spec'] as JsonObject)['hostNetwork'] ?? (object['spec'] as JsonObject)['hostNetwork'],
        );
        expect(JSON.stringify([object, patch])).toBe(before);
      }),
    );
  });

  it('gives the object itself for an empty patch', () => {
    fc.assert(
      fc.property(pod, (object) => {
        expect(merge(object, {}).value).toEqual(object);
      }),
    );
  });
});
