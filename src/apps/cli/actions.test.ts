// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';

const cwd = '/';

describe('a command that takes a word', () => {
  test.each(['policy', 'admission', 'provenance', 'notation'])(
    '%s says what it takes when there is none',
    async (name) => {
      const { status, stderr } = await runCommand([name], { cwd });

      expect(status).toBe(2);
      expect(stderr).toContain(`${name} needs to know what to do`);
      expect(stderr).toContain('it takes ');
    },
  );

  test.each([
    [['policy', 'aply'], 'did you mean policy apply?'],
    [['provenance', 'vsa', 'creat'], 'did you mean provenance vsa create?'],
    [['trust-root', 'statu'], 'did you mean trust-root'],
  ])('%j is told the nearest', async (words, said) => {
    const { status, stderr } = await runCommand(words, { cwd });

    expect(status).toBe(2);
    expect(stderr).toContain(said);
  });

  test.each([
    ['db', 'constructor'],
    ['policy', 'toString'],
  ])('%s does not take %s for one of its own', async (name, word) => {
    const { status, stderr } = await runCommand([name, word], { cwd });

    expect(status).toBe(2);
    expect(stderr).toContain(`there is no "${name} ${word}"`);
  });
});
