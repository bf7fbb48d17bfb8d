// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeText } from './text.ts';

describe('decodeText', () => {
  it('reads UTF-16 with a byte order mark, of either order', () => {
    const little = Buffer.from('\uFEFFflask==1.0\n', 'utf16le');
    const big = Buffer.from(little).swap16();

    expect(decodeText(little, 'f')).toEqual({ text: 'flask==1.0\n', problems: [] });
    expect(decodeText(big, 'f')).toEqual({ text: 'flask==1.0\n', problems: [] });
  });

  it('does not take UTF-16 without a mark for text in which nothing is named', () => {
    const { problems } = decodeText(Buffer.from('flask==1.0\n', 'utf16le'), 'requirements.txt');

    expect(problems).toMatchObject([{ kind: 'encoding', location: { path: 'requirements.txt' }, hidesFindings: true }]);
  });

  it('replaces invalid bytes and says so', () => {
    const { text, problems } = decodeText(Buffer.from('caf\xe9', 'latin1'), 'f');

    expect(text).toBe('caf\uFFFD');
    expect(problems).toMatchObject([{ kind: 'encoding', hidesFindings: false }]);
  });
});
