// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStarlark, stringsOf } from './starlark.ts';

function strings(text: string, name: string): string[] {
  return stringsOf(parseStarlark(text, 'BUILD').variables.get(name)).map((item) => item.text);
}

describe('parseStarlark', () => {
  it('joins strings and lists', () => {
    expect(strings('A = "x" + "y"\nB = [A, "z"] + ["w"]\nB += ["v"]\n', 'B')).toEqual(['xy', 'z', 'w', 'v']);
  });

  it('gives calls with their arguments and lines', () => {
    const { calls } = parseStarlark('rule(\n    name = "x",\n    deps = ["//a", "//b"],\n)\n', 'BUILD');

    expect(calls[0]?.name).toBe('rule');
    expect(stringsOf(calls[0]?.named.get('deps')).map((item) => [item.text, item.location.line])).toEqual([
      ['//a', 3],
      ['//b', 3],
    ]);
    expect(calls[0]?.location).toEqual({ path: 'BUILD', line: 1, endLine: 4 });
  });

  it('leaves out blocks and does not guess at comprehensions', () => {
    const text = 'def f():\n    g("x")\n\nA = ["a%s" % x for x in ["1"]]\nh("y")\n';

    const file = parseStarlark(text, 'BUILD');

    expect(file.calls.map((call) => call.name)).toContain('h');
    expect(file.calls.map((call) => call.name)).not.toContain('g');
    expect(strings(text, 'A')).toEqual([]);
  });

  it('says where a bracket is never closed', () => {
    const { problems } = parseStarlark('a = 1\nb = f(\n', 'BUILD');

    expect(problems[0]).toMatchObject({ kind: 'syntax', location: { line: 2 }, hidesFindings: true });
  });

  it('does not grow without end', () => {
    const doubling = `A = ["x", "y"]\n${'A = A + A\n'.repeat(60)}S = "x"\n${'S = S + S\n'.repeat(60)}`;

    expect(strings(doubling, 'A').length).toBeLessThan(1_000_000);
  });

  it('throws for no text', () => {
    const parts = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '"',
      "'",
      '"""',
      '\n',
      '    ',
      'a',
      '=',
      '+',
      ',',
      '.',
      '#',
      'for ',
      'def f():\n',
      '\\',
    );
    fc.assert(fc.property(fc.array(parts, { maxLength: 40 }), (words) => void parseStarlark(words.join(''), 'BUILD')));
  });
});
