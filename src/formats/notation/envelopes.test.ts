// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelope, now, targetOf } from '../../../test/support/signing/notation.ts';
import { parseCoseEnvelope } from './cose.ts';
import { parseJwsEnvelope, parseJwsProtectedHeader } from './jws.ts';
import { encodeNotationPayload, parseNotationPayload } from './payload.ts';

const parsers = { jws: parseJwsEnvelope, cose: parseCoseEnvelope } as const;
const formats = ['jws', 'cose'] as const;

describe.each(formats)('a %s envelope', (format) => {
  const whole = envelope(format, { expiry: now });

  it('is read as it was written', () => {
    const parsed = parsers[format](whole);

    expect(parsed).toMatchObject({
      kind: 'parsed',
      value: { format, algorithm: 'ES256', scheme: 'notary.x509', expiry: now, signingAgent: 'test/1' },
    });
  });

  it('of any bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['parsed', 'malformed']).toContain(parsers[format](bytes).kind);
      }),
    );
  });

  it('with one octet changed or its end cut off never throws', () => {
    const place = fc.nat({ max: whole.length - 1 });
    fc.assert(
      fc.property(place, fc.nat({ max: 255 }), place, (at, octet, length) => {
        const changed = Buffer.from(whole);
        changed[at] = octet;

        expect(['parsed', 'malformed']).toContain(parsers[format](changed).kind);
        expect(parsers[format](changed.subarray(0, length)).kind).toBe('malformed');
      }),
    );
  });

  it('that ends before it was made is malformed', () => {
    const parsed = parsers[format](envelope(format, { signingTime: now, expiry: now - 60_000 }));

    expect(parsed).toMatchObject({ kind: 'malformed', reason: expect.stringContaining('expires before') });
  });
});

describe('a protected header of JWS', () => {
  it('of any JSON never throws', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (text) => {
        expect(parseJwsProtectedHeader(Buffer.from(text)).kind).toBe('malformed');
      }),
    );
  });

  it('must list what is critical', () => {
    const header = { alg: 'ES256', cty: 'x', crit: ['other'], 'io.cncf.notary.signingScheme': 'notary.x509' };

    const parsed = parseJwsProtectedHeader(Buffer.from(JSON.stringify(header)));

    expect(parsed.kind).toBe('malformed');
  });
});

describe('a payload', () => {
  it('is read as it was written', () => {
    const target = { ...targetOf(), annotations: new Map([['build', 'release']]) };

    const parsed = parseNotationPayload(encodeNotationPayload(target));

    expect(parsed).toEqual({ kind: 'parsed', value: target });
  });

  it('of any JSON never throws', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (text) => {
        const payload = Buffer.from(`{"targetArtifact":${text}}`);

        expect(parseNotationPayload(payload).kind).toBe('malformed');
      }),
    );
  });

  it.each(['{"size":-1}', '{"size":1.5}', '{"size":"1"}', '{"digest":"sha256:00"}'])('with %s is malformed', (text) => {
    const target = { ...targetOf(), annotations: {}, ...JSON.parse(text) };

    expect(parseNotationPayload(Buffer.from(JSON.stringify({ targetArtifact: target }))).kind).toBe('malformed');
  });
});
