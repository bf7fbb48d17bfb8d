// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseYamlDocument } from './yaml.ts';

describe('block scalars', () => {
  it.each([
    ['a: |\n  x', 'x'],
    ['a: |\n  x\n', 'x\n'],
    ['a: >\n  x\n  y', 'x y'],
    ['a: |-\n  x\n', 'x'],
    ['a: |\n  x\nb: 1', 'x\n'],
  ])('of %j end as their text does', (text, expected) => {
    const { value } = parseYamlDocument(text, 'file.yaml');

    expect((value as { a: unknown }).a).toBe(expected);
  });
});
