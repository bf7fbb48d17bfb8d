// SPDX-License-Identifier: Apache-2.0
// Texts as Helm's toYaml writes them; test/e2e/helm-charts/yaml-text.chart asks the real one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../kubernetes-yaml/documents.ts';
import { yamlText } from './yaml-text.ts';

const words = 'aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj';

describe('toYaml', () => {
  it.each([
    [
      { b: [1, [2, 3], { x: 1, y: [] }], a: { c: {}, d: null } },
      'a:\n  c: {}\n  d: null\nb:\n- 1\n- - 2\n  - 3\n- x: 1\n  "y": []',
    ],
    [{ a10: 1, a9: 2, B: 3, '10': 4, '9': 5 }, '"9": 5\n"10": 4\nB: 3\na9: 2\na10: 1'],
    [
      ['yes', '1', '1.5', '0x1f', '2024-01-02', '1:2:3', '~', '', 'text'],
      '- "yes"\n- "1"\n- "1.5"\n- "0x1f"\n- "2024-01-02"\n- "1:2:3"\n- "~"\n- ""\n- text',
    ],
    [
      ['- a', 'a: b', '#c', "'q'", ' lead', 'tab\there', 'a:b', "it's", '😀'],
      "- '- a'\n- 'a: b'\n- '#c'\n- '''q'''\n- ' lead'\n- \"tab\\there\"\n- a:b\n- it's\n- \"\\U0001F600\"",
    ],
    [
      { k: 'a\nb', l: 'a\n', m: 'a\n\n', n: ' a\nb', o: 'a \nb' },
      'k: |-\n  a\n  b\nl: |\n  a\nm: |+\n  a\n\n"n": |2-\n   a\n  b\no: "a \\nb"',
    ],
    [
      [1_000_000, 1.5, 0.00001, 1e21, 5n, Number('12345678901234567890')],
      '- 1000000\n- 1.5\n- 1e-05\n- 1e+21\n- 5\n- 12345678901234567000',
    ],
    [{ k: words }, `k: ${words.replace(' iiiiiiiii', '\n  iiiiiiiii')}`],
    [{ 'two\nlines': [1] }, '? |-\n  two\n  lines\n: - 1'],
    [{ 'a\rb': {} }, '? "a\\rb"\n: {}'],
  ])('%#', (value, expected) => {
    expect(yamlText(value)).toBe(expected);
  });

  it('indents lists where it is asked to be pretty', () => {
    expect(yamlText({ a: [1, { b: [2] }] }, 'indented')).toBe('a:\n  - 1\n  - b:\n      - 2');
  });

  it('is read back as what it was', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '-', '#', '"', "'", '1', '.') }),
    );
    const scalar = fc.oneof(text, fc.boolean(), fc.integer(), fc.constant(null));
    // go-yaml writes this name without quotes, and it would be read as a merge key.
    const name = text.filter((key) => key !== '<<');
    const value = fc.dictionary(name, fc.oneof(scalar, fc.array(scalar), fc.dictionary(name, scalar)));
    fc.assert(
      fc.property(value, (given) => {
        const [document] = parseKubernetesYaml(`${yamlText({ of: given })}\n`, 'a.yaml');
        expect(document?.value).toEqual({ of: given });
      }),
    );
  });
});
