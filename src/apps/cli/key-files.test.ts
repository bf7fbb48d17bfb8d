// SPDX-License-Identifier: Apache-2.0
// Key pairs in files: made, imported, opened with a password that is never said.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { file, judgedBy, judgement, pem, privateKey, signWith } from '../../../test/support/signing/own-key.ts';
import {
  outcomeOf,
  read,
  removeFoldersAfterEach,
  testFolder,
  verifyBlob,
} from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

describe('a key pair in files', () => {
  it('is made with its private half for the owner only, signs, and shows its public half', async () => {
    const cwd = testFolder({ app: file });
    const environment = { COSIGN_PASSWORD: 'the password' };

    const made = await runCommand(['key', 'generate'], { cwd, environment });
    await signWith('cosign.key', cwd, environment);
    const shown = await runCommand(['key', 'public', '--key', 'cosign.key'], { cwd, environment });

    expect(made.status).toBe(0);
    expect(statSync(join(cwd, 'cosign.key')).mode & 0o777).toBe(0o600);
    expect(read(cwd, 'cosign.key').toString()).toMatch(/^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----/);
    expect(shown.stdout).toBe(read(cwd, 'cosign.pub').toString());
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), file, judgedBy(shown.stdout)))).toBe('verified');
  });

  it('is never written over, unless that is asked for', async () => {
    const cwd = testFolder({ 'cosign.pub': 'somebody else wrote this' });
    const environment = { COSIGN_PASSWORD: '' };

    const refused = await runCommand(['key', 'generate'], { cwd, environment });
    const kept = read(cwd, 'cosign.pub').toString();
    const forced = await runCommand(['key', 'generate', '--force'], { cwd, environment });

    expect(refused.stderr).toMatch(/exists already/);
    expect(kept).toBe('somebody else wrote this');
    expect(forced.status).toBe(0);
    expect(read(cwd, 'cosign.pub').toString()).toMatch(/PUBLIC KEY/);
  });

  it('is not written through a link that lies in its place', async () => {
    const cwd = testFolder();
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'cosign.key'));

    const { status } = await runCommand(['key', 'generate'], { cwd, environment: { COSIGN_PASSWORD: '' } });

    expect(status).toBe(3);
    expect(() => read(cwd, 'elsewhere')).toThrow();
  });

  it('does not open with another password, and the message holds neither', async () => {
    const cwd = testFolder({ app: file });
    await runCommand(['key', 'generate'], { cwd, environment: { COSIGN_PASSWORD: 'the right one' } });

    const { status, stderr } = await signWith('cosign.key', cwd, { COSIGN_PASSWORD: 'a wrong one' });

    expect(status).toBe(2);
    expect(stderr).toMatch(/the password is wrong, or the file was changed {2}\[KEY_PASSWORD\]/);
    expect(stderr).not.toMatch(/right one|wrong one/);
  });

  it('opens with a password file, whose last line break does not count', async () => {
    const cwd = testFolder({ app: file, password: 'from a file\n' });

    await runCommand(['key', 'generate', '--password-file', 'password'], { cwd });
    const { status } = await signWith('cosign.key', cwd, { COSIGN_PASSWORD: 'from a file' });

    expect(status).toBe(0);
  });

  it('is imported from PKCS #8 with a password of its own', async () => {
    const foreign = privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'foreign',
    }) as string;
    const cwd = testFolder({ app: file, 'foreign.pem': foreign });
    const environment = { COSIGN_PASSWORD: 'new' };

    const imported = await runCommand(['key', 'import', '--key', 'foreign.pem'], {
      cwd,
      environment: { ...environment, LANDWAITER_IMPORT_PASSWORD: 'foreign' },
    });
    await signWith('import-cosign.key', cwd, environment);

    expect(imported.status).toBe(0);
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), file, judgement))).toBe('verified');
  });

  it.each([
    ['nothing', undefined, /no such file/],
    [
      'a public key',
      createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }) as string,
      /exactly one private key/,
    ],
    ['two private keys', pem + pem, /there are 2/],
    [
      'a weak key',
      generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({
        format: 'pem',
        type: 'pkcs8',
      }) as string,
      /not a key that is signed with/,
    ],
    [
      'another curve',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({
        format: 'pem',
        type: 'pkcs8',
      }) as string,
      /not a key that is signed with/,
    ],
  ])('is refused when the file holds %s', async (_name, content, reason) => {
    const cwd = testFolder({ app: file, ...(content === undefined ? {} : { 'k.pem': content }) });

    const { status, stderr } = await signWith('k.pem', cwd, {});

    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain('BEGIN');
  });
});
