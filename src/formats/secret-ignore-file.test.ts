// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { printSecretIgnores, readSecretIgnores } from './secret-ignore-file.ts';

const fingerprint = '0123456789abcdef0123456789abcdef';

it('an entry whose expires is misspelt counted for ever', () => {
  const text = (member: string): string =>
    `ignore:\n  - fingerprint: ${fingerprint}\n    reason: known\n    ${member}: 2027-01-31\n`;

  expect(readSecretIgnores(text('expires'), 'a').entries).toMatchObject([{ expires: '2027-01-31' }]);
  expect(readSecretIgnores(text('expire'), 'a')).toMatchObject({
    entries: [],
    problems: [{ message: expect.stringContaining('"expire"') }],
  });
});

it('what is printed is read again', () => {
  const printed = printSecretIgnores('k', [{ fingerprint, rule: 'a', path: 'b', reason: 'c' }]);

  expect(readSecretIgnores(printed, 'a')).toMatchObject({
    key: 'k',
    entries: [{ fingerprint, reason: 'c' }],
    problems: [],
  });
});
