// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPublicKey } from './public-key-source.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = String(publicKey.export({ format: 'pem', type: 'spki' }));

function answering(status: number, body: string): typeof fetch {
  return async () => new Response(body, { status });
}

async function fingerprintOf(reference: string, text: string, answer = answering(404, '')): Promise<string> {
  const { fingerprint } = await readPublicKey(reference, { cwd: '/', environment: { KEY: text }, fetch: answer });
  return fingerprint;
}

describe('a public key', () => {
  it('is the same in either PEM form', async () => {
    const older = String(publicKey.export({ format: 'pem', type: 'pkcs1' }));

    const [one, other] = [await fingerprintOf('env://KEY', pem), await fingerprintOf('env://KEY', older)];

    expect(one).toBe(other);
  });

  it('is read from an address', async () => {
    const fingerprint = await fingerprintOf('https://keys.example/k.pub', '', answering(200, pem));

    expect(fingerprint).toBe(await fingerprintOf('env://KEY', pem));
  });

  it.each([
    ['env://KEY', String(privateKey.export({ format: 'pem', type: 'pkcs8' })), 'is a private key'],
    ['env://KEY', 'no key', 'no PEM block'],
    ['env://OTHER', pem, 'is not set'],
    ['/no/such/file', '', '/no/such/file'],
    ['https://keys.example/k.pub', '', 'answered 404'],
    ['k8s://team/key', '', 'no cluster is configured'],
  ])('behind %s that is none is told', async (reference, text, message) => {
    const attempt = fingerprintOf(reference, text);

    await expect(attempt).rejects.toThrow(message);
  });

  it('behind an address that never ends is given up', async () => {
    const attempt = fingerprintOf('https://keys.example/k.pub', '', answering(200, 'x'.repeat(200_000)));

    await expect(attempt).rejects.toThrow('too large');
  });
});
