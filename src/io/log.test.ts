// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { createLogger, redact } from './log.ts';

function lines(
  format: 'text' | 'json',
  level: 'info' | 'silent' = 'info',
): { write: (text: string) => void; out: string[]; logger: ReturnType<typeof createLogger> } {
  const out: string[] = [];
  const write = (text: string): void => void out.push(text);
  return { write, out, logger: createLogger({ write, format, level, now: () => 0 }) };
}

describe('createLogger', () => {
  it('writes text with fields, and nothing below its level', () => {
    const { out, logger } = lines('text');

    logger.warn('could not read', { path: 'a.lock', tries: 2 });
    logger.debug('not shown');

    expect(out).toEqual(['warn: could not read path=a.lock tries=2\n']);
  });

  it('writes JSON lines for machines', () => {
    const { out, logger } = lines('json');

    logger.info('done', { files: 3 });

    expect(JSON.parse(out[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'done',
      files: 3,
    });
  });

  it('keeps foreign text on its line', () => {
    const { out, logger } = lines('text');

    logger.info('found evil\u001B[2Jname\nwarn: forged');

    expect(out).toEqual(['found evil?[2Jname?warn: forged\n']);
  });
});

describe('redact', () => {
  it.each([
    ['https://user:secret@host/x', 'https://***@host/x'],
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer ***'],
    ['password=hunter2 next', 'password=*** next'],
    ['{"token": "abc"}', '{"token": "***"}'],
    ['nothing to hide', 'nothing to hide'],
  ])('%s -> %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});
