// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeKey } from '../../../test/support/sample-database.ts';
import { parseEnvelope, serialiseEnvelope, signIndex, signPayload, signRotation, verifyIndex } from './signature.ts';
import type { TrustRoot } from './trusted-keys.ts';
import { trustedKeyOfPem } from './trusted-keys.ts';

const [first, second, third, stranger] = [makeKey(), makeKey(), makeKey(), makeKey()];
const trust: TrustRoot = { keys: [first.publicKey], rotation: 0 };
const index = Buffer.from('{"sequence":1}');

describe('the signature of an index', () => {
  it('of a trusted key is good for exactly these bytes', () => {
    const envelope = parseEnvelope(serialiseEnvelope(signIndex(index, first.privateKey)), 'x');

    expect(verifyIndex(index, envelope, trust)).toEqual({ key: first.publicKey, rotation: 0 });
    expect(() => verifyIndex(Buffer.from('{"sequence":2}'), envelope, trust)).toThrow(/changed after it was signed/);
  });

  it('of an unknown key is not good', () => {
    const envelope = signIndex(index, stranger.privateKey);

    expect(() => verifyIndex(index, envelope, trust)).toThrow(/not signed by a trusted key/);
    expect(() => verifyIndex(index, envelope, trust)).toThrow(expect.objectContaining({ code: 'DATABASE_SIGNATURE' }));
  });

  it('is not good when somebody puts a trusted key id on another signature', () => {
    const forged = signIndex(index, stranger.privateKey);
    const signatures = forged.signatures.map((signature) => ({ ...signature, keyId: first.publicKey.id }));

    expect(() => verifyIndex(index, { ...forged, signatures }, trust)).toThrow(/changed after it was signed/);
  });

  it('over another kind of document does not count', () => {
    const envelope = signIndex(index, first.privateKey);
    const signatures = [signPayload('application/vnd.other', index, first.privateKey)];

    expect(() => verifyIndex(index, { ...envelope, signatures }, trust)).toThrow(
      expect.objectContaining({ code: 'DATABASE_SIGNATURE' }),
    );
  });

  it('is the same every time', () => {
    expect(signIndex(index, first.privateKey)).toEqual(signIndex(index, first.privateKey));
  });

  it('is one of several, of which one trusted suffices', () => {
    const envelope = signIndex(index, stranger.privateKey);
    const signatures = [...envelope.signatures, ...signIndex(index, first.privateKey).signatures];

    expect(verifyIndex(index, { ...envelope, signatures }, trust).key.id).toBe(first.publicKey.id);
  });
});

describe('a rotation', () => {
  const toSecond = signRotation(
    { version: 1, add: [second.publicKey], remove: [first.publicKey.id] },
    first.privateKey,
  );
  const toThird = signRotation({ version: 2, add: [third.publicKey], remove: [] }, second.privateKey);

  it('hands trust from the old key to the new one', () => {
    const envelope = signIndex(index, second.privateKey, [toSecond]);

    expect(verifyIndex(index, envelope, trust)).toEqual({ key: second.publicKey, rotation: 1 });
  });

  it('follows after rotation', () => {
    const envelope = signIndex(index, third.privateKey, [toSecond, toThird]);

    expect(verifyIndex(index, envelope, trust).rotation).toBe(2);
  });

  it('takes trust from the key it removes', () => {
    const envelope = signIndex(index, first.privateKey, [toSecond]);

    expect(() => verifyIndex(index, envelope, trust)).toThrow(/not signed by a trusted key/);
  });

  it('of a stranger is refused', () => {
    const forged = signRotation({ version: 1, add: [stranger.publicKey], remove: [] }, stranger.privateKey);

    expect(() => verifyIndex(index, signIndex(index, stranger.privateKey, [forged]), trust)).toThrow(
      /rotation 1 is not signed/,
    );
  });

  it('out of order is refused', () => {
    const again = signRotation({ version: 1, add: [], remove: [] }, second.privateKey);

    expect(() => verifyIndex(index, signIndex(index, second.privateKey, [toSecond, again]), trust)).toThrow(
      /comes after/,
    );
  });

  it('that the program already knows is passed over, though the old key is no longer pinned', () => {
    const newer: TrustRoot = { keys: [second.publicKey], rotation: 1 };

    expect(verifyIndex(index, signIndex(index, second.privateKey, [toSecond]), newer)).toEqual({
      key: second.publicKey,
      rotation: 1,
    });
  });

  it("by a mirror's own key adds keys of a mirror only", () => {
    const mirror = makeKey('local');
    const grab = signRotation({ version: 1, add: [stranger.publicKey], remove: [] }, mirror.privateKey);
    const root: TrustRoot = { keys: [mirror.publicKey], rotation: 0 };

    expect(verifyIndex(index, signIndex(index, stranger.privateKey, [grab]), root).key.role).toBe('local');
  });
});

describe('keys and envelopes', () => {
  it('that are none are refused', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
      .privateKey.export({ format: 'pem', type: 'pkcs8' })
      .toString();

    expect(() => trustedKeyOfPem('nonsense', 'local')).toThrow(/not readable as PEM/);
    expect(() => trustedKeyOfPem(rsa, 'local')).toThrow(/not an Ed25519 key/);
    expect(() => signIndex(index, 'nonsense')).toThrow(/not readable as PEM/);
    expect(() => parseEnvelope(Buffer.from('{"payloadType":"other"}'), 'x')).toThrow(/of something else/);
  });

  it('of any JSON are read or refused, never believed', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.array(
          fc.record({
            statement: fc.base64String(),
            signatures: fc.array(fc.record({ keyId: fc.constant(first.publicKey.id), signature: fc.base64String() })),
          }),
        ),
        (text, rotations) => {
          for (const envelope of [
            text,
            JSON.stringify({
              payloadType: 'application/vnd.landwaiter.advisory-index+json',
              signatures: [{ keyId: first.publicKey.id, signature: text }],
              rotations,
            }),
          ]) {
            expect(() => verifyIndex(index, parseEnvelope(Buffer.from(envelope), 'x'), trust)).toThrow(
              expect.objectContaining({ code: 'DATABASE_SIGNATURE' }),
            );
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
