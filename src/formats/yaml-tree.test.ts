// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalarOffsets } from './yaml-offsets.ts';
import type { YamlNode, YamlScalar, YamlTree } from './yaml-tree.ts';
import { entriesIn, entryOf, itemsIn, locateSpan, memberOf, parseYamlTree } from './yaml-tree.ts';

function at(tree: YamlTree, span: { start: number; end: number }): string {
  return tree.text.slice(span.start, span.end);
}

function scalarsOf(node: YamlNode | undefined): YamlScalar[] {
  if (node === undefined) return [];
  if (node.kind === 'scalar') return [node];
  return (node.kind === 'mapping' ? node.entries.map(({ value }) => value) : node.items).flatMap(scalarsOf);
}

describe('parseYamlTree', () => {
  it('gives the place of keys and values, quotes included', () => {
    const tree = parseYamlTree('a: 1\n"b" : \'two\'\n', 'x.yml');

    const places = entriesIn(tree.root).map(({ keySpan, value, span }) => [
      at(tree, keySpan),
      at(tree, value.span),
      at(tree, span),
    ]);

    expect(places).toEqual([
      ['a', '1', 'a: 1'],
      ['"b"', "'two'", '"b" : \'two\''],
    ]);
  });

  it('reads plain scalars by the core schema and keeps how they are written', () => {
    const tree = parseYamlTree('a: true\nb: "true"\nc: 1.10\nd:\ne: yes\n', 'x.yml');

    const values = scalarsOf(tree.root).map(({ value, text }) => [value, text]);

    expect(values).toEqual([
      [true, 'true'],
      ['true', 'true'],
      [1.1, '1.10'],
      [null, ''],
      ['yes', 'yes'],
    ]);
  });

  it('ends a block before the empty lines that follow it', () => {
    const tree = parseYamlTree('a: |  # why\n  one\n  two\n\nb: 1\n', 'x.yml');

    const value = memberOf(tree.root, 'a');

    expect(value).toMatchObject({ kind: 'scalar', style: 'literal', text: 'one\ntwo\n' });
    expect(value === undefined ? '' : at(tree, value.span)).toBe('|  # why\n  one\n  two');
  });

  it('ends flow collections behind their bracket', () => {
    const tree = parseYamlTree('a: [1, {b: 2}, # c }\n  3 ]\nd: {}\n', 'x.yml');

    const spans = entriesIn(tree.root).map(({ value }) => at(tree, value.span));

    expect(spans).toEqual(['[1, {b: 2}, # c }\n  3 ]', '{}']);
  });

  it('shares the value behind an alias and tells where the alias stands', () => {
    const tree = parseYamlTree('a: &x\n  k: v\nb: *x\n', 'x.yml');

    const [first, second] = entriesIn(tree.root);

    expect(at(tree, first?.value.place ?? { start: 0, end: 0 })).toBe('&x\n  k: v');
    expect(at(tree, second?.value.place ?? { start: 0, end: 0 })).toBe('*x');
    expect(second?.value.span).toEqual(first?.value.span);
    expect(second?.value.alias).toBe('x');
  });

  it('finds comments outside of scalars, with their lines', () => {
    const tree = parseYamlTree('# one\na: "#no" # two\nb: x#no\nc: |  # three\n  # no\nd: 1 # four\n', 'x.yml');

    const comments = tree.comments.map(({ line, text }) => [line, text]);

    expect(comments).toEqual([
      [1, ' one'],
      [2, ' two'],
      [4, ' three'],
      [6, ' four'],
    ]);
  });

  it('locates in lines and columns counted from 1', () => {
    const tree = parseYamlTree('a:\n  b: |\n    x\n    y\n', 'x.yml');

    const entry = entryOf(memberOf(tree.root, 'a'), 'b');

    expect(locateSpan(tree, entry?.span ?? { start: 0, end: 0 })).toEqual({
      path: 'x.yml',
      line: 2,
      column: 3,
      endLine: 4,
    });
  });

  it('reads only the first document', () => {
    const tree = parseYamlTree('a: 1\n---\nb: 2 # c\n', 'x.yml');

    expect(entriesIn(tree.root).map(({ key }) => key)).toEqual(['a']);
    expect(tree.comments).toEqual([]);
    expect(tree.problems).toMatchObject([{ kind: 'unsupported', hidesFindings: true }]);
    expect(parseYamlTree('---\na: 1\n---\n', 'x.yml').problems).toEqual([]);
  });

  it('keeps the last of two equal keys and says so', () => {
    const tree = parseYamlTree('a: 1\na: 2\n', 'x.yml');

    expect(memberOf(tree.root, 'a')).toMatchObject({ value: 2 });
    expect(tree.problems).toMatchObject([{ kind: 'schema', location: { line: 2 } }]);
  });

  it.each([
    ['a: [1', 'syntax'],
    ['a: *nobody', 'syntax'],
    ['a: &x [*x]', 'cycle'],
    ['? [1]\n: 2', 'schema'],
  ])('tells what is wrong with %s', (text, kind) => {
    const { problems } = parseYamlTree(text, 'x.yml');

    expect(problems.map((problem) => problem.kind)).toContain(kind);
    expect(problems.every(({ hidesFindings }) => hidesFindings)).toBe(true);
  });

  it('bounds what aliases expand to', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1)
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);

    const tree = parseYamlTree(lines.join('\n'), 'x.yml');

    expect(tree.problems.map(({ kind }) => kind)).toContain('limit');
  });

  it('never throws, and keeps every place inside the text', () => {
    const piece = fc.constantFrom(
      'a',
      'b: ',
      '- ',
      '\n',
      '  ',
      '|',
      '>-',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&x ',
      '*x',
      '#',
      '"',
      "'",
      '!t ',
      '\r\n',
      '? ',
      '---\n',
      'é',
      '💥',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );

    fc.assert(
      fc.property(text, (input) => {
        const tree = parseYamlTree(input, 'x.yml');
        for (const { span, place } of scalarsOf(tree.root)) {
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.end).toBeLessThanOrEqual(input.length);
          expect(place.start).toBeGreaterThanOrEqual(0);
        }
        for (const { span } of tree.comments) expect(input.charAt(span.start)).toBe('#');
      }),
    );
  });
});

describe('scalarOffsets', () => {
  it.each([
    ['plain', 'k: one two three'],
    ['plain over lines', 'k: one\n  two\n  three'],
    ['single-quoted', "k: 'it''s ''one'' two'"],
    ['double-quoted', 'k: "a \\"b\\" \\x41 \\u00e9 c\\n d"'],
    ['double-quoted over lines', 'k: "one\n  two \\\n  three"'],
    ['literal', 'k: |\n    one\n      two\n\n    three\n'],
    ['literal with an indicator', 'k: |2-\n    one\n  two\n'],
    ['folded', 'k: >\n  one\n  two\n\n  three\n'],
    ['with line ends of Windows', 'k: |\r\n  one\r\n  two\r\n'],
  ])('finds the words of a scalar: %s', (_name, text) => {
    const tree = parseYamlTree(text, 'x.yml');
    const [scalar] = scalarsOf(tree.root);

    const offsets = scalar === undefined ? undefined : scalarOffsets(text, scalar);

    for (const { index, 0: word } of scalar?.text.matchAll(/[a-z]{3,}/g) ?? [])
      expect(text.slice(offsets?.at(index), (offsets?.at(index) ?? 0) + word.length)).toBe(word);
    expect(scalar?.text).toMatch(/[a-z]/);
  });

  it('gives the part of the file for a part of the text', () => {
    const text = "k: 'a ''b'' c'";
    const [scalar] = scalarsOf(parseYamlTree(text, 'x.yml').root);

    const span = scalar === undefined ? { start: 0, end: 0 } : scalarOffsets(text, scalar).span(2, 5);

    expect(scalar?.text.slice(2, 5)).toBe("'b'");
    expect(text.slice(span.start, span.end)).toBe("''b''");
  });

  it('never leaves the text', () => {
    fc.assert(
      fc.property(fc.string(), (input) => {
        const text = `k: |\n${input
          .split(/[\r\n]+/)
          .map((line) => `  ${line}`)
          .join('\n')}\n`;
        for (const scalar of scalarsOf(parseYamlTree(text, 'x.yml').root)) {
          const offsets = scalarOffsets(text, scalar);
          for (let index = 0; index <= scalar.text.length; index += 1)
            expect(offsets.at(index)).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it('reads items of lists as places too', () => {
    const tree = parseYamlTree('- a\n- b\n', 'x.yml');

    expect(itemsIn(tree.root).map(({ span }) => at(tree, span))).toEqual(['a', 'b']);
  });
});
