// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseYamlEvents } from './yaml-events.ts';
import { memberOf, parseYamlTree } from './yaml-tree.ts';

describe('parseYamlEvents', () => {
  it.each([
    'a:\n  b: [\n    1,\n  ]\n  c: 1\n',
    'a:\r\n  b: {\r\n    x: 1 # one\r\n  }\r\n',
    'a: [\n1,\n# two\n2\n]\n',
    'a:\n  - b: [\n    {\n  }\n  ]\n',
  ])('reads brackets whatever their indentation: %j', (text) => {
    expect(parseYamlEvents(text, 100).length).toBeGreaterThan(4);
  });

  it.each(['a: b: c\n', 'a: [1,\nb: 2\n', '"a\nb'])('refuses what is broken: %j', (text) => {
    expect(() => parseYamlEvents(text, 100)).toThrow();
  });

  it('keeps places', () => {
    const tree = parseYamlTree('a: [\n  1\n]\nb: c\n', 'x.yml');

    expect(memberOf(tree.root, 'b')).toMatchObject({ text: 'c', span: { start: 14, end: 15 } });
    expect(tree.problems).toEqual([]);
  });

  it('ends on many such lines', () => {
    const text = `a: [\n${'1,\n'.repeat(5_000)}]\n`;

    expect(() => parseYamlEvents(text, 100)).toThrow('deficient indentation');
  });
});
