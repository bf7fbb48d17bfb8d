// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalCodes } from './refusal.ts';

describe('refusalCodes', () => {
  it('stand with their meaning in docs/signatures.md, and no other ones', () => {
    const page = readFileSync(new URL('../../../docs/signatures.md', import.meta.url), 'utf8');

    const rows = page.slice(page.indexOf('## Refusals')).match(/^\| `.*$/gm);

    expect(rows).toEqual(Object.entries(refusalCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`));
  });
});
