// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readHidden } from './password-prompt.ts';

async function typed(
  ...chunks: readonly string[]
): Promise<{ answer: string | undefined; shown: string; raw: boolean[] }> {
  const raw: boolean[] = [];
  let shown = '';
  const input = {
    setRawMode: (on: boolean) => raw.push(on),
    destroy: () => undefined,
    async *[Symbol.asyncIterator]() {
      for (const chunk of chunks) yield Buffer.from(chunk);
    },
  };
  const answer = await readHidden(
    input,
    (text) => {
      shown += text;
    },
    'Password: ',
  );
  return { answer: answer?.toString(), shown, raw };
}

describe('a password', () => {
  it('is read up to the end of the line and never shown', async () => {
    expect(await typed('sec', 'rét\r', 'more')).toEqual({
      answer: 'secrét',
      shown: 'Password: \n',
      raw: [true, false],
    });
  });

  it('can be corrected', async () => {
    expect((await typed('abx\u007fc\r')).answer).toBe('abc');
  });

  it('may be empty', async () => {
    expect((await typed('\r')).answer).toBe('');
  });

  it('is none when the person breaks off, and the terminal shows letters again', async () => {
    expect(await typed('ab\u0003')).toMatchObject({ answer: undefined, raw: [true, false] });
  });
});
