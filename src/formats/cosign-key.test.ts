// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSealedKey, parseSealedKey, sealKey } from './cosign-key.ts';

const chance = { salt: Buffer.alloc(32, 7), nonce: Buffer.alloc(24, 9) };
const secret = Buffer.from('the bytes of a private key');

/** Cheap settings, so that tests do not wait. */
function sealedWith(changes: Readonly<Record<string, unknown>> = {}, settings: unknown = { N: 2, r: 1, p: 1 }): Buffer {
  return Buffer.from(
    JSON.stringify({
      kdf: { name: 'scrypt', params: settings, salt: Buffer.alloc(32).toString('base64') },
      cipher: { name: 'nacl/secretbox', nonce: Buffer.alloc(24).toString('base64') },
      ciphertext: Buffer.alloc(40).toString('base64'),
      ...changes,
    }),
  );
}

describe('a sealed key', () => {
  it('opens with its password and with no other', () => {
    const sealed = parseSealedKey(sealKey(secret, Buffer.from('password'), chance));
    if (sealed.kind === 'malformed') throw new Error(sealed.reason);

    expect(openSealedKey(sealed.value, Buffer.from('password'))?.equals(secret)).toBe(true);
    expect(openSealedKey(sealed.value, Buffer.from('passwore'))).toBeUndefined();
  });

  it('is written with the settings that readers of Cosign take', () => {
    const { kdf } = JSON.parse(sealKey(secret, Buffer.from(''), chance).toString()) as { kdf: { params: unknown } };

    expect(kdf.params).toEqual({ N: 65_536, r: 8, p: 1 });
  });

  it('does not open when one bit of it was changed', () => {
    const sealed = parseSealedKey(sealKey(secret, Buffer.from('password'), chance));
    if (sealed.kind === 'malformed') throw new Error(sealed.reason);
    sealed.value.box[20] = (sealed.value.box[20] ?? 0) ^ 1;

    expect(openSealedKey(sealed.value, Buffer.from('password'))).toBeUndefined();
  });

  it('says nothing for settings that are cheap but wrong', () => {
    expect(parseSealedKey(sealedWith({}, { N: 3, r: 1, p: 1 }))).toMatchObject({ kind: 'malformed' });
    expect(parseSealedKey(sealedWith({}, { N: 2, r: 0, p: 1 }))).toMatchObject({ kind: 'malformed' });
  });

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseSealedKey(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('kdf', 'cipher', 'ciphertext'), (value, name) => {
        parseSealedKey(sealedWith({ [name]: value }));
      }),
    );
  });
});
