// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../formats/github-expression/parse-expression.ts';
import { constantOf, isTruthy, printConstant } from './constant.ts';

function printed(text: string): string | undefined {
  const parsed = parseExpression(text);
  const value = parsed.kind === 'expression' ? constantOf(parsed.node) : undefined;
  return value === undefined ? undefined : (printConstant(value) ?? '(structure)');
}

describe('constantOf', () => {
  it.each([
    ["'a'", 'a'],
    ['null', ''],
    ['1 > 2 || true', 'true'],
    ["true && ''", ''],
    ["false || 'b'", 'b'],
    ['!0', 'true'],
    ["'A' == 'a'", 'true'],
    ["'1' == 1", 'true'],
    ["'' == 0", 'true'],
    ["null == ''", 'true'],
    ["'x' < 1", 'false'],
    ["format('{0}-{1} {{x}}', 'a', 2)", 'a-2 {x}'],
    ["contains('Hello', 'ELL')", 'true'],
    ["contains(fromJSON('[\"a\"]'), 'A')", 'true'],
    ["startsWith('abc', 'a')", 'true'],
    ["ENDSWITH('abc', 'c')", 'true'],
    ["join(fromJSON('[1, 2]'), '-')", '1-2'],
    ["fromJSON('true')", 'true'],
    ["fromJSON('[]')", '(structure)'],
    ["toJSON('a')", '"a"'],
  ])('works out %s', (text, value) => {
    expect(printed(text)).toBe(value);
  });

  it.each([
    'github.ref',
    "github.ref == 'a'",
    'true && github.ref',
    'success()',
    "format('{1}', 'a')",
    "fromJSON('[')",
    "contains('a')",
  ])('does not work out %s', (text) => {
    expect(printed(text)).toBeUndefined();
  });

  it('counts empty texts, zero and null as false', () => {
    const values = [
      { kind: 'string', value: '' },
      { kind: 'number', value: 0 },
      { kind: 'null' },
      { kind: 'structure', value: [] },
    ] as const;

    expect(values.map(isTruthy)).toEqual([false, false, false, true]);
  });
});
