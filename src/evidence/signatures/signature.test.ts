// SPDX-License-Identifier: Apache-2.0
import { constants, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HashName } from '../../formats/rekor-entry.ts';
import type { PublicKey, SignatureScheme } from './public-key.ts';
import { detailedPublicKeyOf, publicKeyOf, withScheme } from './public-key.ts';
import { isRefusal } from './refusal.ts';
import { checkSignature, isSignatureOf } from './signature.ts';

const bytes = Buffer.from('signed bytes');

function keyOf(publicKey: KeyObject, scheme?: SignatureScheme): PublicKey {
  const usual = publicKeyOf(publicKey.export({ format: 'der', type: 'spki' }));
  if (isRefusal(usual)) throw new Error(usual.message);
  const key = scheme === undefined ? usual : withScheme(usual, scheme);
  if (isRefusal(key)) throw new Error(key.message);
  return key;
}

function digestOf(algorithm: HashName): { kind: 'digest'; algorithm: HashName; value: Buffer } {
  return { kind: 'digest', algorithm, value: hash(algorithm, bytes, 'buffer') };
}

describe.each([
  ['P-256', 'sha256'],
  ['P-384', 'sha384'],
  ['P-521', 'sha512'],
] as const)('ECDSA on %s', (namedCurve, algorithm) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const key = keyOf(publicKey);

  it('accepts signatures over the bytes and over their digest', () => {
    for (let round = 0; round < 8; round += 1) {
      const signature = sign(algorithm, bytes, privateKey);

      expect(checkSignature(key, { kind: 'bytes', bytes }, signature)).toBeUndefined();
      expect(checkSignature(key, digestOf(algorithm), signature)).toBeUndefined();
    }
  });

  it('refuses another digest, another signature and another key', () => {
    const signature = sign(algorithm, bytes, privateKey);
    const other = { ...digestOf(algorithm), value: hash(algorithm, 'other', 'buffer') };
    const otherKey = keyOf(generateKeyPairSync('ec', { namedCurve }).publicKey);

    expect(checkSignature(key, other, signature)?.code).toBe('SIGNATURE_INVALID');
    expect(checkSignature(key, digestOf(algorithm), sign(algorithm, Buffer.from('x'), privateKey))?.code).toBe(
      'SIGNATURE_INVALID',
    );
    expect(checkSignature(otherKey, digestOf(algorithm), signature)?.code).toBe('SIGNATURE_INVALID');
  });

  it('asks for the bytes when only the digest of another hash is known', () => {
    const algorithmOfOther = algorithm === 'sha256' ? 'sha512' : 'sha256';

    expect(checkSignature(key, digestOf(algorithmOfOther), sign(algorithm, bytes, privateKey))?.code).toBe(
      'ARTIFACT_REQUIRED',
    );
  });

  it.each([
    ['zero r', '3006020100020101'],
    ['zero s', '3006020101020100'],
    ['negative r', '30060201ff020101'],
    ['a long length', '308106020101020101'],
    ['padded numbers', '30080202000102020001'],
    ['something behind it', '300602010102010100'],
    ['nothing in it', '3000'],
    ['no bytes', ''],
  ])('refuses a signature with %s', (_, hex) => {
    const signature = Buffer.from(hex, 'hex');

    expect(isSignatureOf(key, bytes, signature)).toBe(false);
    expect(checkSignature(key, digestOf(algorithm), signature)?.code).toBe('SIGNATURE_INVALID');
  });
});

describe('the sign of a point', () => {
  it('is not taken for the other one: the negated digest fits the negated key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const digest = digestOf('sha256');
    const negated = (order - (BigInt(`0x${digest.value.toString('hex')}`) % order)).toString(16).padStart(64, '0');

    for (let round = 0; round < 16; round += 1) {
      const signature = sign('sha256', bytes, privateKey);

      expect(checkSignature(keyOf(publicKey), { ...digest, value: Buffer.from(negated, 'hex') }, signature)?.code).toBe(
        'SIGNATURE_INVALID',
      );
    }
  });
});

describe('RSA', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it('accepts PKCS #1 signatures over the bytes and over their digest', () => {
    const key = keyOf(publicKey);
    const signature = sign('sha256', bytes, privateKey);

    expect(checkSignature(key, { kind: 'bytes', bytes }, signature)).toBeUndefined();
    expect(checkSignature(key, digestOf('sha256'), signature)).toBeUndefined();
  });

  it('takes PSS and PKCS #1 for two algorithms', () => {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const pss = keyOf(publicKey, { kind: 'rsa-pss', hash: 'sha256' });
    const signature = sign('sha256', bytes, { key: privateKey, padding });

    expect(isSignatureOf(pss, bytes, signature)).toBe(true);
    expect(isSignatureOf(keyOf(publicKey), bytes, signature)).toBe(false);
    expect(isSignatureOf(pss, bytes, sign('sha256', bytes, privateKey))).toBe(false);
  });

  it('refuses short keys', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'der', type: 'spki' });

    expect(publicKeyOf(short)).toMatchObject({ code: 'KEY_WEAK' });
  });
});

describe('Ed25519', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');

  it('accepts signatures over the bytes, and asks for them when only a digest is given', () => {
    const signature = sign(null, bytes, privateKey);

    expect(checkSignature(keyOf(publicKey), { kind: 'bytes', bytes }, signature)).toBeUndefined();
    expect(checkSignature(keyOf(publicKey), digestOf('sha512'), signature)?.code).toBe('ARTIFACT_REQUIRED');
  });

  it('verifies the prehashed variant (RFC 8032 7.3), and takes neither for the other', () => {
    const x = Buffer.from('ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf', 'hex');
    const encoded = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), x]);
    const prehashed = detailedPublicKeyOf(encoded, 'PKIX_ED25519_PH');
    const plain = publicKeyOf(encoded);
    if (isRefusal(prehashed) || isRefusal(plain)) throw new Error('the key is not read');
    const signature = Buffer.from(
      '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
      'hex',
    );

    expect(isSignatureOf(prehashed, Buffer.from('abc'), signature)).toBe(true);
    expect(isSignatureOf(prehashed, Buffer.from('abd'), signature)).toBe(false);
    expect(isSignatureOf(plain, Buffer.from('abc'), signature)).toBe(false);
  });
});

describe('keys', () => {
  it.each(['secp256k1', 'brainpoolP256r1'])('refuses the curve %s', (namedCurve) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });

    expect(publicKeyOf(publicKey.export({ format: 'der', type: 'spki' }))).toMatchObject({ code: 'KEY_UNSUPPORTED' });
  });

  it('refuses a key that is not of the kind that its settings name', () => {
    const encoded = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });

    expect(detailedPublicKeyOf(encoded, 'PKIX_ECDSA_P256_SHA_256')).toMatchObject({ code: 'KEY_UNSUPPORTED' });
  });
});
