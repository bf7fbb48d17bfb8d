// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../model/limits.ts';
import type { ExpressionNode } from './ast.ts';
import { childrenOf } from './ast.ts';
import { findExpressions, wholeExpression } from './find-expressions.ts';
import { parseExpression } from './parse-expression.ts';
import { referencesOf } from './references.ts';

/** The tree as an S-expression, so that a test shows its shape. */
function shape(node: ExpressionNode): string {
  const inner = childrenOf(node).map(shape).join(' ');
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'boolean':
    case 'number':
      return String(node.value);
    case 'string':
      return JSON.stringify(node.value);
    case 'variable':
      return node.name;
    case 'property':
      return `(.${node.name} ${inner})`;
    case 'call':
      return `(${node.name}()${inner === '' ? '' : ` ${inner}`})`;
    case 'comparison':
    case 'logical':
      return `(${node.operator} ${inner})`;
    default:
      return `(${node.kind} ${inner})`;
  }
}

function read(text: string): string {
  const parsed = parseExpression(text);
  return parsed.kind === 'expression' ? shape(parsed.node) : `${parsed.fault.offset}: ${parsed.fault.message}`;
}

describe('parseExpression', () => {
  it.each([
    ["'it''s'", `"it's"`],
    ['-1.5e3', '-1500'],
    ['0xff', '255'],
    ['0o17', '15'],
    ['TRUE', 'true'],
    ['Null', 'null'],
    ['github.event.pages.*.page_name', '(.page_name (star (.pages (.event github))))'],
    ["github['event'][0]", '(index (index github "event") 0)'],
    ['a[*].b', '(.b (star a))'],
    ["contains(github.ref, 'x')", '(contains() (.ref github) "x")'],
    ['always()', '(always())'],
    ['!a == b', '(== (not a) b)'],
    ['a || b && c || d', '(|| a (&& b c) d)'],
    ['a == b < c', '(== a (< b c))'],
    ['(a || b) && c', '(&& (|| a b) c)'],
    ['a.b-c_d', '(.b-c_d a)'],
  ])('reads %s', (text, tree) => {
    expect(read(text)).toBe(tree);
  });

  it.each([
    ['', '0: the expression is empty'],
    ['a b', '2: unexpected "b" after the end of the expression'],
    ['"a"', '0: unexpected character "\\""; strings stand in single quotes'],
    ["'a", '0: the string is not closed'],
    ['a.', '2: a property name or * is expected after ".", not the end'],
    ['a[1', '3: "]" is expected, not the end'],
    ['f(a,', '4: the expression ends where a value is expected'],
    ['a + b', '2: unexpected character "+"'],
    ['1.x', '0: "1." begins like a number and is none'],
    ['0123', '0: "01" begins like a number and is none'],
  ])('says why %s is no expression', (text, message) => {
    expect(read(text)).toBe(message);
  });

  it('gives offsets in the text', () => {
    const parsed = parseExpression(' a . b ');

    expect(parsed).toMatchObject({ kind: 'expression', node: { start: 1, end: 6, nameStart: 5 } });
  });

  it('stops at the limits of length and depth', () => {
    const long = parseExpression('a'.repeat(defaultLimits.workflowExpressionLength + 1));
    const deep = [
      '('.repeat(2000),
      '!'.repeat(2000),
      'a'.padEnd(4000, '.b'),
      `a${'[a'.repeat(2000)}`,
      'f('.repeat(2000),
    ];

    const kinds = deep
      .map((text) => parseExpression(text))
      .map((parsed) => parsed.kind === 'fault' && parsed.fault.kind);

    expect(long).toMatchObject({ fault: { kind: 'limit' } });
    expect(kinds).toEqual(['limit', 'limit', 'limit', 'limit', 'limit']);
  });

  it('reads long chains of operators', () => {
    const parsed = parseExpression(Array.from({ length: 4000 }, () => 'a').join('||'));

    expect(parsed.kind).toBe('expression');
  });

  it('never throws', () => {
    const part = fc.constantFrom(
      'a',
      '.',
      '*',
      '[',
      ']',
      '(',
      ')',
      "'",
      "''",
      '!',
      '==',
      '&&',
      '||',
      ',',
      ' ',
      '1',
      '-',
      '}}',
      '${{',
      '\u{1f600}',
    );
    const texts = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));

    fc.assert(
      fc.property(fc.oneof(texts, fc.string()), (text) => {
        const parsed = parseExpression(text);
        if (parsed.kind === 'fault') expect(parsed.fault.offset).toBeLessThanOrEqual(text.length);
        for (const site of findExpressions(text)) expect(text.slice(site.start, site.start + 3)).toBe('${{');
      }),
    );
  });
});

describe('findExpressions', () => {
  it('finds each one with its place', () => {
    const sites = findExpressions("x ${{ a }}-${{'}}'}} y");

    expect(sites.map(({ start, end, source }) => [start, end, source])).toEqual([
      [2, 10, ' a '],
      [11, 20, "'}}'"],
    ]);
  });

  it('goes on after one that is broken', () => {
    const sites = findExpressions('${{ a + }} ${{ b }} ${{ c');

    expect(sites.map((site) => site.parsed.kind)).toEqual(['fault', 'expression', 'fault']);
  });

  it('is linear on hostile text', () => {
    const texts = [
      '${{'.repeat(300_000),
      '${{ a }}'.repeat(20_000),
      `\${{ ${'a'.repeat(1_000_000)} }}`,
      "${{ '}}".repeat(50_000),
    ];

    const counts = texts.map((text) => findExpressions(text).length);

    expect(counts).toEqual([1, 20_000, 1, 25_000]);
  });
});

describe('wholeExpression', () => {
  it('tells a text that is one expression from a text with others', () => {
    const texts = ['${{ a }}', ' ${{ a }} ', 'x${{ a }}', '${{ a }}${{ b }}', 'a'];

    expect(texts.map((text) => wholeExpression(text) !== undefined)).toEqual([true, true, false, false, false]);
  });
});

describe('referencesOf', () => {
  it('gives the longest chains in lower case', () => {
    const parsed = parseExpression("format('{0}', GitHub.Event['Pages'].*.x, a[b.c])");

    const steps = parsed.kind === 'expression' ? referencesOf(parsed.node).map((reference) => reference.steps) : [];

    expect(steps).toEqual([
      ['github', 'event', 'pages', '*', 'x'],
      ['a', undefined],
      ['b', 'c'],
    ]);
  });
});
