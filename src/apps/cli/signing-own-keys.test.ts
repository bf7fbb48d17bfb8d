// SPDX-License-Identifier: Apache-2.0
// Keys of the user with the services of a test Sigstore: certified by them, and logged.
import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  blobWords,
  closeServicesAfterEach,
  judgement,
  run,
  services,
  token,
} from '../../../test/support/signing/keyless-run.ts';
import {
  outcomeOf,
  publicKeyOfPrivate,
  read,
  removeFoldersAfterEach,
  testFolder,
  verifyBlob,
} from '../../../test/support/signing/sign-and-verify.ts';
import type { SignaturePolicy } from '../../evidence/signatures/policy.ts';

closeServicesAfterEach();
removeFoldersAfterEach();

it('--issue-certificate certifies a key of the user', async () => {
  const started = await services();
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'pem',
    type: 'pkcs8',
  }) as string;
  const cwd = testFolder({ app: 'the file', 'config.json': started.config(1), token, 'key.pem': pem });

  await run({
    services: started,
    cwd,
    words: [...blobWords, '--key', 'key.pem', '--issue-certificate', '--identity-token', 'token'],
  });

  expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), Buffer.from('the file'), judgement))).toBe('verified');
});

it.each(['P-256', 'P-384', 'P-521', 'ed25519'])(
  'a managed key of the kind %s is logged in both versions',
  async (curve) => {
    const started = await services();
    const { privateKey } =
      curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    const cwd = testFolder({
      app: 'the file',
      'key.pem': pem,
      '1.json': started.config(1),
      '2.json': started.config(2),
    });
    const managed: SignaturePolicy = { mode: 'managed-key-with-log', keys: [{ key: publicKeyOfPrivate(pem) }] };

    for (const version of ['1', '2']) {
      const { stderr } = await run({
        services: started,
        cwd,
        words: [
          'sign-blob',
          '--key',
          'key.pem',
          '--signing-config',
          `${version}.json`,
          '--bundle',
          `b${version}.json`,
          'app',
        ],
      });
      const verification = verifyBlob(read(cwd, `b${version}.json`), Buffer.from('the file'), {
        ...judgement,
        policy: managed,
      });
      expect(`${stderr.includes('entry 2 of')} ${outcomeOf(verification)}`).toBe('true verified');
    }
  },
);
