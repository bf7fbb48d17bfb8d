// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../model/limits.ts';
import type { JmespathResult } from './expression.ts';
import { compileJmespath } from './expression.ts';
import { standardFunctions } from './standard-functions.ts';

function ask(text: string, value: unknown, dialect: 'standard' | 'kyverno' = 'kyverno'): JmespathResult {
  const compiled = compileJmespath(text, { dialect, functions: standardFunctions });
  return compiled.kind === 'fault' ? compiled : compiled.evaluate(value);
}

describe('missing keys in the Kyverno dialect', () => {
  it('are a fault with the place of the key at the top of an expression', () => {
    const result = ask('a.b', { a: {} });

    expect(result).toMatchObject({ kind: 'fault', code: 'unknown-key', message: 'Unknown key "b" in path', offset: 2 });
  });

  it.each([
    ["a.b || 'x'", 'x'],
    ['length(b || `[]`)', 0],
    ['b == null', true],
    ['!b', true],
    ['[b]', [null]],
    ['{k: b}', { k: null }],
    ['b | @', null],
    ['c[*].d', [1]],
    ['c[?d].d', [1]],
    ['b[].d', null],
  ])('are null inside %s', (text, value) => {
    const result = ask(text, { a: {}, c: [{ d: 1 }, {}] });

    expect(result).toEqual({ kind: 'value', value });
  });

  it('are null in the standard dialect', () => {
    const result = ask('a.b', { a: {} }, 'standard');

    expect(result).toEqual({ kind: 'value', value: null });
  });

  it('are missing although every JavaScript object inherits something of that name', () => {
    const result = ask('a.constructor', { a: {} });

    expect(result).toMatchObject({ code: 'unknown-key' });
  });
});

describe('limits', () => {
  it('refuse an expression that is nested too deeply', () => {
    const result = ask('['.repeat(100_000), {});

    expect(result).toMatchObject({ code: 'limit' });
  });

  it('refuse a chain of operators that is too long', () => {
    const result = ask(Array.from({ length: 100_000 }, () => 'a').join('.'), {});

    expect(result).toMatchObject({ code: 'limit' });
  });

  it('stop an expression that doubles a list with every stage', () => {
    const result = ask(Array.from({ length: 60 }, () => '[@, @][]').join(' | '), [1]);

    expect(result).toMatchObject({ code: 'limit' });
  });

  it('stop the text of a value that shares one part endlessly', () => {
    const compiled = compileJmespath(`${'[@, @] | '.repeat(60)} to_string(@)`, {
      dialect: 'standard',
      functions: standardFunctions,
      limits: { ...defaultLimits, expressionProduct: 10_000 },
    });
    const result = compiled.kind === 'fault' ? compiled : compiled.evaluate([1]);

    expect(result).toMatchObject({ code: 'limit' });
  });
});

describe('compiling', () => {
  it('refuses a function that does not exist, with its place', () => {
    const result = ask('a || nope(@)', {});

    expect(result).toMatchObject({ code: 'unknown-function', offset: 5 });
  });

  it('never throws, whatever the text and the value', () => {
    const pieces = fc.constantFrom(
      ...'a b . * @ & && | || ! ( ) [ [] [? ] { } , : 0 -1 == < `1` `x` "q" length( sort_by( '.split(' '),
      "'r'",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(' ')),
    );

    fc.assert(
      fc.property(texts, fc.jsonValue(), (text, value) => {
        expect(['value', 'fault']).toContain(ask(text, value).kind);
      }),
      { numRuns: 500 },
    );
  });
});
