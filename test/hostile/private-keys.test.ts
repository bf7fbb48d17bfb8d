// SPDX-License-Identifier: Apache-2.0
// Key files that ask for more work than a key is worth, are cut off, or are of another kind than they say.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosignKeyLabels, parseSealedKey, sealKey } from '../../src/formats/cosign-key.ts';
import { formatPem } from '../../src/formats/pem.ts';
import { parsePrivateKey } from '../../src/formats/private-key.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
const chance = { salt: Buffer.alloc(32), nonce: Buffer.alloc(24) };
const password = Buffer.from('hello');
const good = sealKey(pkcs8, password, chance);

interface Sealed {
  kdf: { name: string; params: Record<string, unknown>; salt: string };
  cipher: { name: string; nonce: string };
  ciphertext: string;
}

function changed(change: (sealed: Sealed) => void, label: string = cosignKeyLabels.written): string {
  const sealed = JSON.parse(good.toString()) as Sealed;
  change(sealed);
  return formatPem({ label, bytes: Buffer.from(JSON.stringify(sealed)) });
}

function reasonOf(text: string): string {
  const parsed = parsePrivateKey(text);
  return parsed.kind === 'malformed' ? parsed.reason : 'read';
}

describe('an encrypted key', () => {
  it.each([
    ['a gigabyte of memory', { N: 2 ** 20, r: 8, p: 1 }],
    ['memory by the block size', { N: 2 ** 14, r: 2 ** 20, p: 1 }],
    ['endless passes', { N: 2 ** 16, r: 8, p: 2 ** 20 }],
    ['a number beyond all', { N: 2 ** 53, r: 8, p: 1 }],
  ])('that asks for %s is refused before any work is done', (_name, params) => {
    const started = performance.now();

    expect(reasonOf(changed((sealed) => Object.assign(sealed.kdf.params, params)))).toMatch(
      /would cost more|too large/,
    );
    expect(performance.now() - started).toBeLessThan(500);
  });

  it.each([
    ['a cut box', (sealed: Sealed) => Object.assign(sealed, { ciphertext: 'AAAA' })],
    ['a short nonce', (sealed: Sealed) => Object.assign(sealed.cipher, { nonce: 'AAAA' })],
    ['another cipher', (sealed: Sealed) => Object.assign(sealed.cipher, { name: 'none' })],
    ['another derivation', (sealed: Sealed) => Object.assign(sealed.kdf, { name: 'none' })],
    ['a negative cost', (sealed: Sealed) => Object.assign(sealed.kdf.params, { N: -2 })],
  ])('with %s is refused', (_name, change) => {
    expect(reasonOf(changed(change))).not.toBe('read');
  });

  it('with a name that stands twice is refused', () => {
    const text = good.toString().replace('{"kdf"', '{"ciphertext":"AAAA","kdf"');

    expect(parseSealedKey(Buffer.from(text)).kind).toBe('malformed');
  });

  it('that holds the older form of an EC key inside is refused, as Cosign does', () => {
    const sec1 = privateKey.export({ format: 'der', type: 'sec1' });
    const text = formatPem({ label: cosignKeyLabels.written, bytes: sealKey(sec1, password, chance) });
    const parsed = parsePrivateKey(text);
    if (parsed.kind === 'malformed' || parsed.value.kind === 'plain') throw new Error('not read');

    expect(parsed.value.open(password)?.kind).toBe('malformed');
  });

  it('of the older label opens like the new one', () => {
    const parsed = parsePrivateKey(changed(() => undefined, cosignKeyLabels.older));
    if (parsed.kind === 'malformed' || parsed.value.kind === 'plain') throw new Error('not read');

    const opened = parsed.value.open(password);

    expect(opened?.kind === 'parsed' && opened.value.equals(privateKey)).toBe(true);
  });
});

describe('PKCS #8', () => {
  const encrypted = privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'hello',
  }) as string;

  it('opens with its password only', () => {
    const parsed = parsePrivateKey(encrypted);
    if (parsed.kind === 'malformed' || parsed.value.kind === 'plain') throw new Error('not read');

    expect(parsed.value.open(password)?.kind).toBe('parsed');
    expect(parsed.value.open(Buffer.from('other'))).toBeUndefined();
  });

  it('with more iterations than a key is worth is refused before any work is done', () => {
    const der = Buffer.from(encrypted.split('\n').slice(1, -2).join(''), 'base64');
    // 2,048 as OpenSSL writes it, an INTEGER of two octets; made larger in place.
    const at = der.indexOf(Buffer.from([0x02, 0x02, 0x08, 0x00]));
    const larger = Buffer.concat([der.subarray(0, at), Buffer.from([0x02, 0x02, 0x7f, 0xff]), der.subarray(at + 4)]);
    const text = formatPem({ label: 'ENCRYPTED PRIVATE KEY', bytes: larger });

    expect(at).toBeGreaterThan(0);
    expect(reasonOf(text)).toBe('read');
    expect(reasonOf(formatPem({ label: 'ENCRYPTED PRIVATE KEY', bytes: manyIterations() }))).toMatch(/iterations/);
  });

  it.each(['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', cosignKeyLabels.written])(
    'any bytes called %s give a reason, never an exception',
    (label) => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 1, maxLength: 120 }), (bytes) => {
          parsePrivateKey(formatPem({ label, bytes: Buffer.from(bytes) }));
        }),
        { numRuns: 50 },
      );
    },
  );
});

/** EncryptedPrivateKeyInfo with PBES2, PBKDF2, an eight-octet salt and 2^31 - 1 iterations; nothing behind them is looked at. */
function manyIterations(): Buffer {
  const sequence = (...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([0x30, content.length]), content]);
  };
  const id = (hex: string): Buffer => Buffer.from(hex, 'hex');
  const settings = sequence(id('04080000000000000000'), id('02047fffffff'));
  const derivation = sequence(id('06092a864886f70d01050c'), settings);
  return sequence(sequence(id('06092a864886f70d01050d'), sequence(derivation, sequence())), id('0400'));
}

it('a key that is what it says is read', () => {
  const text = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;

  expect(reasonOf(text)).toBe('read');
  expect(createPrivateKey(text).equals(privateKey)).toBe(true);
});
