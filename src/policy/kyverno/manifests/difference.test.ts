// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../formats/document.ts';
import type { Hardening } from '../hardening.ts';
import { differencesFrom } from './difference.ts';
import { ignoredFieldsOf } from './ignored-fields.ts';

const node = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>('', 'x', 0, 1, true, false, null),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c.d', '__proto__', 'constructor'), tie('node'), { maxKeys: 3 }),
  ),
})).node;

const objectWith = (spec: unknown): JsonObject => ({
  apiVersion: 'x.example/v1',
  kind: 'Thing',
  metadata: { name: 't' },
  spec,
});

function differences(signed: JsonObject, actual: JsonObject, hardening: Hardening): number {
  return differencesFrom(signed, actual, { hardening, ignored: ignoredFieldsOf(actual, []) }).length;
}

/** What is left of a value without null, and without maps and lists that are members of maps and have nothing in them. */
function withoutNothing(value: unknown, isElement = false): unknown {
  if (Array.isArray(value)) {
    const rest = value.map((member) => withoutNothing(member, true) ?? null);
    return rest.length > 0 || isElement ? rest : undefined;
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const rest = Object.entries(value)
    .map(([key, member]) => [key, withoutNothing(member)] as const)
    .filter(([, member]) => member !== undefined);
  return rest.length > 0 || isElement ? JSON.stringify(rest.toSorted(([a], [b]) => (a < b ? -1 : 1))) : undefined;
}

describe('an object and what was signed for it', () => {
  it.each(['parity', 'strict'] as const)('do not differ when they are the same (%s)', (hardening) => {
    fc.assert(
      fc.property(node, (spec) => {
        expect(differences(objectWith(spec), objectWith(structuredClone(spec)), hardening)).toBe(0);
      }),
    );
  });

  it('differ when there is more than nothing between them', () => {
    fc.assert(
      fc.property(node, node, (spec, other) => {
        const isSame = JSON.stringify(withoutNothing(spec)) === JSON.stringify(withoutNothing(other));
        const count = differences(objectWith(spec), objectWith(other), 'parity');

        if (!isSame) expect(count).toBeGreaterThan(0);
        if (count > 0) expect(differences(objectWith(spec), objectWith(other), 'strict')).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });

  it('differ with strict hardening unless all that is between them is null', () => {
    const drop = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));

    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), node),
        fc.constantFrom('a', 'b', 'd'),
        node,
        (spec, key, value) => {
          const other = { ...spec, [key]: value };
          const isSame = JSON.stringify(drop(spec)) === JSON.stringify(drop(other));
          const count = differences(objectWith(spec), objectWith(other), 'strict');

          if (!isSame && (spec[key] ?? null) === null) expect(count).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('may have other elements where the policy ignores them', () => {
    const [signed, actual] = [objectWith({ rules: [] }), objectWith({ rules: [{}, { a: 1 }] })];
    const count = (fields: readonly string[]): number => {
      const ignored = ignoredFieldsOf(actual, [{ fields, objects: [] }]);
      return differencesFrom(signed, actual, { hardening: 'strict', ignored }).length;
    };

    expect(count([])).toBe(2);
    expect(count(['spec.rules.0'])).toBe(1);
    expect(count(['spec.rules.*'])).toBe(0);
    expect(count(['spec.rules'])).toBe(0);
  });
});
