// SPDX-License-Identifier: Apache-2.0
// Strict hardening never lets through what Kyverno refuses: held against many patterns, conditions and objects.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled, podOf, policyOf, verdictOf } from '../../../test/support/kyverno-rule.ts';
import type { JsonObject } from '../../formats/document.ts';
import { conditionOperators } from './operators/index.ts';
import { compileOverlay } from './overlay.ts';

const keys = ['a', 'b', 'labels'];
const scalars = fc.constantFrom<unknown>('x', 'y', '*', 'x*', '', '1', '1Gi', '10m', 0, 1, true, false, null);
const patternTexts = fc.constantFrom<unknown>(
  'x',
  '!x',
  '?*',
  '*',
  'x|y',
  '>0',
  '1-5',
  '<2Gi',
  'x & y',
  0,
  true,
  null,
  '',
);

const resource = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalars,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 3 }),
  ),
})).node;

const patternKeys = keys.flatMap((key) => [key, key, `(${key})`, `<(${key})`, `X(${key})`, `=(${key})`, `^(${key})`]);

const pattern = fc.letrec<{ node: unknown; map: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    patternTexts,
    fc.array(tie('map'), { minLength: 1, maxLength: 2 }),
    fc.array(patternTexts, { minLength: 1, maxLength: 2 }),
    tie('map'),
  ),
  map: fc.dictionary(fc.constantFrom(...patternKeys), tie('node'), { minKeys: 1, maxKeys: 3 }),
})).map;

const refused = ['fail', 'error'];

describe('strict hardening', () => {
  it('refuses whatever a pattern refuses', () => {
    fc.assert(
      fc.property(pattern, fc.dictionary(fc.constantFrom(...keys), resource, { maxKeys: 3 }), (written, object) => {
        const parity = compileOverlay(written, 'parity')(object).kind;
        const strict = compileOverlay(written, 'strict')(object).kind;

        // An error may be let through where a policy says so, a breach may not.
        if (parity === 'fail') expect(strict).toBe('fail');
        if (parity === 'error') expect(refused).toContain(strict);
        // What applied still applies.
        if (parity === 'pass') expect(strict).not.toBe('skip');
      }),
      { numRuns: 5_000 },
    );
  });

  it('refuses whatever conditions refuse, and applies wherever rules apply', () => {
    const values = fc.oneof(
      scalars,
      fc.array(scalars, { maxLength: 3 }),
      fc.constantFrom<unknown>('1-5', '["x","y"]', '{{ request.object.spec.other }}'),
    );
    const condition = fc.record({
      key: fc.oneof(fc.constant<unknown>('{{ request.object.spec.own || `null` }}'), values),
      operator: fc.constantFrom(...conditionOperators.map(({ name }) => name)),
      value: values,
    });
    const block = fc.oneof(
      fc.record({ any: fc.array(condition, { maxLength: 2 }) }),
      fc.record({ all: fc.array(condition, { maxLength: 2 }) }),
      fc.record({ any: fc.array(condition, { maxLength: 2 }), all: fc.array(condition, { maxLength: 2 }) }),
    );
    const spec = fc.record({ own: fc.oneof(scalars, fc.array(scalars, { maxLength: 2 })), other: scalars });

    fc.assert(
      fc.property(fc.option(block), block, spec, (preconditions, conditions, own) => {
        const rule: JsonObject = {
          validate: { deny: { conditions } },
          ...(preconditions === null ? {} : { preconditions }),
        };
        const verdict = (hardening: 'parity' | 'strict'): string =>
          verdictOf(compiled([policyOf(rule)], { hardening }), podOf(own)).split(' ')[0] ?? '';

        const [parity, strict] = [verdict('parity'), verdict('strict')];
        if (parity === 'fail') expect(strict).toBe('fail');
        if (parity === 'error') expect(refused).toContain(strict);
      }),
      { numRuns: 800 },
    );
  });

  it('refuses whatever loops and values of the object make Kyverno refuse', () => {
    const hostile = fc.constantFrom<unknown>(
      'x',
      '*',
      'x|y',
      '{{ request.object.spec.other }}',
      "'",
      '` || `x',
      'a && b',
      '!x',
      '',
      null,
      1,
    );
    const text = fc.constantFrom(
      '{{ element.own }}',
      'p-{{ element.own }}',
      "{{ request.object.spec.{{ element.own }} || 'none' }}",
      "{{ to_upper('{{ element.own }}') }}",
      '{{ request.object.spec.other }}',
      'x',
    );
    const body = fc.oneof(
      fc.record({ pattern: fc.record({ own: text }) }),
      fc.record({
        deny: fc.record({
          conditions: fc.record({
            any: fc.array(
              fc.record({
                key: text,
                operator: fc.constantFrom('Equals', 'NotEquals', 'AnyIn', 'AnyNotIn'),
                value: text,
              }),
              { minLength: 1, maxLength: 2 },
            ),
          }),
        }),
      }),
    );
    const condition = fc.record({ key: text, operator: fc.constantFrom('Equals', 'NotEquals'), value: text });
    const loop = fc.tuple(
      fc.constantFrom(
        'request.object.spec.list',
        'request.object.spec.none',
        'request.object.none.none',
        'request.object.spec.[list, none][]',
      ),
      fc.option(fc.record({ all: fc.array(condition, { maxLength: 1 }) })),
      body,
    );
    const element = fc.oneof(fc.record({ own: hostile }), fc.record({ other: hostile }), hostile);

    fc.assert(
      fc.property(
        fc.array(loop, { minLength: 1, maxLength: 2 }),
        fc.array(element, { maxLength: 3 }),
        hostile,
        (loops, list, other) => {
          const foreach = loops.map(([name, preconditions, more]) => ({
            list: name,
            ...(preconditions === null ? {} : { preconditions }),
            ...more,
          }));
          const verdict = (hardening: 'parity' | 'strict'): string =>
            verdictOf(compiled([policyOf({ validate: { foreach } })], { hardening }), podOf({ list, other })).split(
              ' ',
            )[0] ?? '';

          const [parity, strict] = [verdict('parity'), verdict('strict')];
          // What is evaluated again may say anything, and only Kyverno asks it.
          if (JSON.stringify([list, other]).includes('{{')) return;
          if (parity === 'error') expect(refused).toContain(strict);
          if (parity === 'fail') expect(strict).toBe('fail');
        },
      ),
      { numRuns: 800 },
    );
  });

  it('excepts nothing that Kyverno does not except', () => {
    const condition = fc.record({
      key: fc.constantFrom('{{ request.object.spec.own || `null` }}', 'x'),
      operator: fc.constantFrom(...conditionOperators.map(({ name }) => name)),
      value: fc.oneof(scalars, fc.array(scalars, { maxLength: 3 }), fc.constant('{{ request.object.spec.other }}')),
    });

    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 2 }), scalars, scalars, (all, own, other) => {
        const exception = {
          apiVersion: 'kyverno.io/v2',
          kind: 'PolicyException',
          metadata: { name: 'x', namespace: 'shop' },
          spec: {
            exceptions: [{ policyName: 'p', ruleNames: ['r'] }],
            match: { any: [{ resources: { kinds: ['Pod'] } }] },
            conditions: { all },
          },
        };
        const policy = policyOf({ validate: { pattern: { spec: { never: '?*' } } } });
        const verdict = (hardening: 'parity' | 'strict'): string => {
          const engine = compiled([policy, exception], { hardening, exceptionNamespaces: ['shop'] });
          return verdictOf(engine, podOf({ own, other })).split(' ')[0] ?? '';
        };

        if (verdict('parity') === 'fail') expect(verdict('strict')).toBe('fail');
      }),
      { numRuns: 500 },
    );
  });
});
