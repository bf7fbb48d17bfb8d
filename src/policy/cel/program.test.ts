// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CelEnvironment } from './environment.ts';
import { Frame, LazyValue } from './frame.ts';
import { coreLibraries, extensionLibraries } from './libraries.ts';
import { compileCel, costMessage } from './program.ts';
import { dynType, stringType } from './types.ts';
import type { CelValue } from './values.ts';
import { CelDouble, CelError, CelMap } from './values.ts';

const environment = new CelEnvironment({
  libraries: [...coreLibraries, ...extensionLibraries],
  variables: [
    { name: 'object', type: dynType },
    { name: 'name', type: stringType },
    { name: 'variables.lazy', type: dynType, evaluation: 'lazy' },
  ],
});

function evaluate(text: string, variables: Readonly<Record<string, CelValue>> = {}): CelValue {
  const compiled = compileCel(text, environment);
  if (compiled.kind === 'fault') throw new Error(compiled.faults.map(({ message }) => message).join('\n'));
  return compiled.program.evaluate(variables).value;
}

function messageOf(value: CelValue): string | undefined {
  return value instanceof CelError ? value.message : undefined;
}

describe('values of JSON', () => {
  it('are ints when they are integral, without a copy', () => {
    const object = JSON.parse('{"spec":{"replicas":3,"ratio":0.5}}') as CelValue;

    expect(evaluate('object.spec.replicas + 1', { object })).toBe(4);
    expect(evaluate('type(object.spec.replicas) == int && type(object.spec.ratio) == double', { object })).toBe(true);
    expect(messageOf(evaluate('object.spec.replicas + 1.0', { object }))).toContain('no such overload');
  });

  it('have only the keys that they own', () => {
    const object = JSON.parse('{"__proto__": 1}') as CelValue;

    expect(evaluate('has(object.constructor) || has(object.toString)', { object })).toBe(false);
    expect(messageOf(evaluate('object.constructor', { object }))).toBe('no such key: constructor');
    expect(evaluate('object["__proto__"]', { object })).toBe(1);
  });

  it('keep null apart from what is absent', () => {
    const object = JSON.parse('{"a": null}') as CelValue;

    expect(evaluate('has(object.a) && object.a == null && !has(object.b)', { object })).toBe(true);
  });
});

describe('integers', () => {
  it('are exact up to 64 bits and refuse to overflow', () => {
    expect(evaluate('9223372036854775807 - 1')).toBe(9223372036854775806n);
    expect(evaluate('4611686018427387904 / 2')).toBe(2305843009213693952n);
    expect(messageOf(evaluate('9223372036854775807 + 1'))).toBe('integer overflow');
    expect(messageOf(evaluate('-9223372036854775808 / -1'))).toBe('integer overflow');
    expect(messageOf(evaluate('1 % 0'))).toBe('modulus by zero');
  });

  it('agree with 64-bit arithmetic', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

    fc.assert(
      fc.property(int64, int64, fc.constantFrom('+', '-', '*'), (left, right, operator) => {
        const exact = operator === '+' ? left + right : operator === '-' ? left - right : left * right;

        const value = evaluate(`int("${left}") ${operator} int("${right}")`);

        if (exact !== BigInt.asIntN(64, exact)) expect(messageOf(value)).toBe('integer overflow');
        else expect(BigInt(value as number | bigint)).toBe(exact);
      }),
      { numRuns: 200 },
    );
  });
});

describe('errors', () => {
  it('are absorbed by what decides without them', () => {
    expect(evaluate('1 / 0 == 1 || true')).toBe(true);
    expect(evaluate('false && object.missing', { object: {} })).toBe(false);
    expect(evaluate('[1, 0].exists(x, 1 / x == 1)')).toBe(true);
    expect(messageOf(evaluate('[0, 2].all(x, 1 / x == 0)'))).toBe('division by zero');
  });

  it('carry the place in the text', () => {
    const value = evaluate('name == "a" && object.b.c', { name: 'a', object: {} });

    expect(value).toMatchObject({ message: 'no such key: b', offset: 15 });
  });
});

describe('compileCel', () => {
  it('says what a type error is and where', () => {
    const compiled = compileCel('name + 1', environment);

    expect(compiled).toMatchObject({
      kind: 'fault',
      stage: 'types',
      faults: [{ message: "found no matching overload for '_+_' applied to '(string, int)'", offset: 0 }],
    });
  });

  it('refuses nesting that would exhaust the stack', () => {
    expect(compileCel('('.repeat(100_000), environment).kind).toBe('fault');
    expect(compileCel(`${'!('.repeat(300)}true${')'.repeat(300)}`, environment).kind).toBe('fault');
    expect(compileCel(Array.from({ length: 5_000 }, () => '1').join('+'), environment).kind).toBe('fault');
  });

  it('takes long chains of && and || as one node', () => {
    const text = Array.from({ length: 5_000 }, () => 'name == "x"').join(' || ');

    expect(evaluate(text, { name: 'x' })).toBe(true);
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '?',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '"',
      "'",
      '1',
      'u',
      '-',
      '&&',
      'has',
      ' ',
      '\\',
      ':',
      ',',
    );

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const compiled = compileCel(pieces.join(''), environment, { check: 'off' });
        if (compiled.kind === 'program') compiled.program.evaluate({ object: {}, name: '' }, 10_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('evaluation', () => {
  it('ends when it costs too much, and nothing absorbs that', () => {
    const compiled = compileCel('object.all(x, object.all(y, object.all(z, x + y + z > 0))) || true', environment);
    const object = Array.from({ length: 500 }, () => 1);

    const value = compiled.kind === 'program' ? compiled.program.evaluate({ object }, 100_000).value : null;

    expect(messageOf(value)).toBe(costMessage);
  });

  it('reads lazy variables once', () => {
    let reads = 0;
    const lazy = new LazyValue(() => {
      reads += 1;
      return 2;
    });

    expect(evaluate('variables.lazy + variables.lazy == 4', { 'variables.lazy': lazy })).toBe(true);
    expect(reads).toBe(1);
  });

  it('names a variable that depends on itself', () => {
    const compiled = compileCel('variables.lazy', environment);
    if (compiled.kind === 'fault') throw new Error('does not compile');
    const lazy = new LazyValue((frame) => compiled.program.evaluateIn(frame));
    const frame = new Frame([null, null, lazy], 1_000);

    expect(messageOf(compiled.program.evaluateIn(frame))).toBe('a variable depends on itself');
  });

  it('keeps variables of nested quantifiers apart', () => {
    expect(evaluate('[1, 2].map(x, [10, 20].map(y, x + y))')).toEqual([
      [11, 21],
      [12, 22],
    ]);
    expect(evaluate('[1, 2].map(x, cel.bind(b, x * 10, [3].map(y, b + y + x))) == [[14], [25]]')).toBe(true);
  });

  it('traces sub-expressions on demand', () => {
    const compiled = compileCel('name == "b" || name == "c"', environment, { trace: 'on' });

    const result = compiled.kind === 'program' ? compiled.program.evaluate({ name: 'c' }) : undefined;

    expect(result?.trace?.filter((value) => typeof value === 'boolean')).toEqual([false, true, true]);
  });

  it('counts code points', () => {
    expect(
      evaluate('size("a\u{1F600}b") == 3 && "a\u{1F600}b".charAt(2) == "b" && "\u{1F600}x".indexOf("x") == 1'),
    ).toBe(true);
  });

  it('matches patterns in linear time', () => {
    expect(evaluate('name.matches("^(a+)+$")', { name: `${'a'.repeat(2_000)}!` })).toBe(false);
  });

  it('looks numbers up by what they are worth', () => {
    expect(evaluate('{1: "a"}[dyn(1u)] + {2u: "b"}[dyn(2.0)]')).toBe('ab');
    expect(evaluate('{"a": 1}') instanceof CelMap).toBe(true);
    expect(evaluate('dyn(1) == 1.0 && dyn(1u) == 1 && dyn([1]) == [1.0]')).toBe(true);
    expect(evaluate('dyn(0.0 / 0.0) == dyn(0.0 / 0.0)')).toBe(false);
    expect(evaluate('1.0')).toEqual(new CelDouble(1));
  });
});

describe('names that every JavaScript object has', () => {
  it.each(['name.toString(1)', 'name.constructor(1, 2)', 'toString(1)'])('made the compiler throw: %s', (text) => {
    expect(compileCel(text, environment).kind).toBe('fault');
  });

  it.each(['constructor', '-toString', 'valueOf'])('were taken for a number: double("%s")', (text) => {
    expect(messageOf(evaluate(`double("${text}")`))).toContain('type conversion error');
  });
});
