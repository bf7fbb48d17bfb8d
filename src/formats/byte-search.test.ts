// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { ByteSearch } from './byte-search.ts';
import { searchBytes } from './byte-search.ts';

function found(text: string, search: ByteSearch): string | undefined {
  return searchBytes(Buffer.from(text, 'latin1'), search, (match) => match[0]);
}

describe('searchBytes', () => {
  it('looks around a literal only', () => {
    expect(found('v1.2 ....... tool 3.4', { near: 'tool', reach: 6, pattern: /\d\.\d/ })).toBe('3.4');
  });

  it('tries the next occurrence where the first gives nothing', () => {
    expect(found(`tool${' '.repeat(50)}tool 3.4`, { near: 'tool', reach: 5, pattern: /\d\.\d/ })).toBe('3.4');
  });

  it('finds a match across the border of two pieces', () => {
    const text = `${'x'.repeat(1_048_574)}1.2.3${'x'.repeat(100)}`;

    expect(found(text, { pattern: /\d\.\d\.\d/ })).toBe('1.2.3');
  });

  it('goes on where a match is not accepted', () => {
    const accept = (match: RegExpExecArray): string | undefined => (match[0] === '1' ? undefined : match[0]);

    expect(searchBytes(Buffer.from('1 2'), { pattern: /\d/ }, accept)).toBe('2');
  });

  it('gives up on a literal that is everywhere', () => {
    expect(found('a'.repeat(30_000), { near: 'a', pattern: /b/ })).toBeUndefined();
  });
});
