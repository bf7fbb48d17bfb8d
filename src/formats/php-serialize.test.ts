// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePhpSerialized } from './php-serialize.ts';

function print(value: unknown): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return Number.isInteger(value) ? `i:${value};` : `d:${value};`;
  if (typeof value === 'string') return `s:${new TextEncoder().encode(value).length}:"${value}";`;
  const entries = Object.entries(value as Record<string, unknown>);
  return `a:${entries.length}:{${entries.map(([key, item]) => print(key) + print(item)).join('')}}`;
}

function read(text: string): unknown {
  return parsePhpSerialized(new TextEncoder().encode(text), 'x.reg').value;
}

describe('parsePhpSerialized', () => {
  it('counts the bytes of a string, not its characters', () => {
    expect(read('a:1:{s:1:"n";s:5:"Timo\u00e4";}')).toBeUndefined();
    expect(read('a:1:{s:1:"n";s:6:"Timo\u00e4";}')).toEqual({ n: 'Timo\u00e4' });
  });

  it.each(['', 'O:1:"A":0:{}', 's:99:"a";', 'a:2:{i:0;i:1;}', 'i:1'])('refuses %j', (text) => {
    expect(parsePhpSerialized(new TextEncoder().encode(text), 'x.reg').problems).toMatchObject([{ kind: 'syntax' }]);
  });

  it('gives back what was written', () => {
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf))), (value) => {
        expect(JSON.stringify(read(print(value)))).toBe(JSON.stringify(value));
      }),
    );
  });
});
