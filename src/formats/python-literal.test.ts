// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../model/limits.ts';
import { parsePythonLiterals } from './python-literal.ts';

describe('parsePythonLiterals', () => {
  it('reads keyword arguments of the wanted call wherever it stands', () => {
    const source =
      'def main():\n    setuptools.setup(\n        name="lib",\n        deps=["a", \'b\'],  # comment\n    )\n';

    const { calls } = parsePythonLiterals(source, 'setup');

    expect(calls[0]?.keywords.get('name')).toEqual({ kind: 'text', text: 'lib', line: 3 });
    expect(calls[0]?.keywords.get('deps')).toMatchObject({ kind: 'list', items: [{ text: 'a' }, { text: 'b' }] });
  });

  it('joins adjacent texts and added lists', () => {
    const { assignments } = parsePythonLiterals('A = "x" "y"\nB = ["1"] + ("2",)\n', 'setup');

    expect(assignments.get('A')).toMatchObject({ kind: 'text', text: 'xy' });
    expect(assignments.get('B')).toMatchObject({ kind: 'list', items: [{ text: '1' }, { text: '2' }] });
  });

  it('does not take a template for a literal', () => {
    const { assignments } = parsePythonLiterals('A = "x{}".format(1)\nB = f"x{y}"\nC = "x%s" % y\n', 'setup');

    expect([...assignments.values()].map((value) => value.kind)).toEqual(['computed', 'computed', 'computed']);
  });

  it('keeps the literal lists inside an expression', () => {
    const { assignments } = parsePythonLiterals('A = list(["x"]) if y else []\n', 'setup');

    expect(assignments.get('A')).toMatchObject({
      kind: 'computed',
      parts: [{ kind: 'name' }, { kind: 'list' }, {}, {}, {}, {}],
    });
  });

  it('reads prefixes, escapes and long texts', () => {
    const { assignments } = parsePythonLiterals('A = r"a\\d"\nB = "a\\"b"\nC = """one\ntwo"""\nD = 1\n', 'setup');

    expect(assignments.get('A')).toMatchObject({ text: 'a\\d' });
    expect(assignments.get('B')).toMatchObject({ text: 'a"b' });
    expect(assignments.get('C')).toMatchObject({ text: 'one\ntwo', line: 3 });
  });

  it('survives nesting beyond the limit', () => {
    const source = `setup(a=${'['.repeat(defaultLimits.depth * 5)}${'setup('.repeat(2000)}`;

    expect(() => parsePythonLiterals(source, 'setup')).not.toThrow();
  });

  it('throws for no text', () => {
    const soup = fc.array(
      fc.constantFrom(
        'setup',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        ':',
        ',',
        '=',
        '"',
        "'''",
        '\n',
        'a',
        '+',
        '**',
        '\\',
        '#',
      ),
      { maxLength: 60 },
    );
    fc.assert(fc.property(soup, (parts) => void parsePythonLiterals(parts.join(''), 'setup')));
  });
});
