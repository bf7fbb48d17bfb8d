// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const token = ['ghp_', '1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'].join('');

async function statusWith(rules: string, more: Readonly<Record<string, string>> = {}): Promise<number> {
  const cwd = testFolder({ 'a.txt': `token = ${token}\n`, 'own.toml': rules, ...more });
  return (await runCommand(['secrets', 'dir', '--secret-rules', 'own.toml'], { cwd })).status;
}

describe('rules of the user', () => {
  it('find what they are for', async () => {
    expect(await statusWith("[[rules]]\nid = 'a'\nregex = 'ghp_[0-9A-Za-z]{36}'\n")).toBe(1);
  });

  it.each([
    ['no rule in them', "title = 'mine'\n"],
    ['a misspelt table', "[[rule]]\nid = 'a'\nregex = 'x'\n"],
    ['rules at an address', "[extend]\nurl = 'https://rules.example/x.toml'\n[[rules]]\nid = 'a'\nregex = 'zzz'\n"],
  ])('with %s found nothing, and the run was clean', async (_what, rules) => {
    expect(await statusWith(rules)).toBe(2);
  });

  it('that stand on more files than are read found nothing in the last, and the run was clean', async () => {
    const extending = (path: string): string =>
      `[extend]\npath = '${path}'\n[[rules]]\nid = '${path}'\nregex = 'zzz'\n`;

    expect(
      await statusWith(extending('b.toml'), { 'b.toml': extending('c.toml'), 'c.toml': extending('d.toml') }),
    ).toBe(2);
  });
});
