// SPDX-License-Identifier: Apache-2.0
// Every reader of the signing formats against arbitrary and against damaged input: a value or a reason, never an exception.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaf, signedBy, world } from '../../test/support/signing/attempt.ts';
import {
  secondLogBundle,
  signedAt,
  statementBundle,
  statementOf,
  trustedRootJson,
} from '../../test/support/signing/sigstore.ts';
import { timestampResponse } from '../../test/support/signing/timestamps.ts';
import { decodeBase64 } from './base64.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { parseCosignLayer } from './cosign-signature.ts';
import { parseSimpleSigning } from './cosign-simple-signing.ts';
import { fulcioClaims } from './fulcio-extensions.ts';
import { parseInTotoStatement } from './in-toto-statement.ts';
import type { Parsed } from './parsed.ts';
import { formatPem, parsePem } from './pem.ts';
import { parseRekorEntry } from './rekor-entry.ts';
import { parseTimestampResponse } from './rfc3161.ts';
import { certificateTimestamps } from './sct.ts';
import { parseSigstoreBundle } from './sigstore-bundle.ts';
import { parseTrustedRoot } from './trusted-root.ts';
import { parseCertificate } from './x509.ts';

const artifact = Buffer.from('the artifact');
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const second = secondLogBundle(world, { artifact, leaf });
const [entry] = second.verificationMaterial['tlogEntries'] as { canonicalizedBody: string }[];
const simple = {
  critical: {
    type: 'cosign container image signature',
    image: { 'docker-manifest-digest': `sha256:${'0'.repeat(64)}` },
    identity: { 'docker-reference': 'registry.example/image' },
  },
  optional: { env: 'test' },
};

function readWholeCertificate(bytes: Uint8Array): Parsed<unknown> {
  const certificate = parseCertificate(bytes);
  if (certificate.kind === 'malformed') return certificate;
  const claims = fulcioClaims(certificate.value);
  return claims.kind === 'malformed' ? claims : certificateTimestamps(certificate.value);
}

function readLayer(mediaType: string): (bytes: Uint8Array) => Parsed<unknown> {
  return (bytes) => {
    const text = Buffer.from(bytes).toString('utf8');
    const annotations = {
      'dev.cosignproject.cosign/signature': 'AAAA',
      'dev.sigstore.cosign/certificate': text,
      'dev.sigstore.cosign/bundle': text,
      'dev.sigstore.cosign/rfc3161timestamp': text,
    };
    return parseCosignLayer({ mediaType, blob: Buffer.from(bytes), annotations });
  };
}

const readers: readonly (readonly [string, (bytes: Uint8Array) => Parsed<unknown>, Buffer])[] = [
  ['certificates', readWholeCertificate, leaf.certificate.encoded],
  ['bundles with a message', parseSigstoreBundle, json(signedBy(leaf))],
  ['bundles of Rekor v2', parseSigstoreBundle, json(second)],
  [
    'bundles with a statement',
    parseSigstoreBundle,
    json(statementBundle(world, { leaf, payload: statementOf(artifact) })),
  ],
  ['trusted roots', parseTrustedRoot, json(trustedRootJson(world))],
  [
    'timestamps',
    parseTimestampResponse,
    timestampResponse({ signer: world.stamper, time: signedAt, stamped: artifact, certificates: [world.stamper] }),
  ],
  ['log entries', parseRekorEntry, Buffer.from(entry?.canonicalizedBody ?? '', 'base64')],
  ['statements', parseInTotoStatement, json(statementOf(artifact))],
  ['simple signing payloads', parseSimpleSigning, json(simple)],
];

describe.each(readers)('the reader of %s', (_, read, valid) => {
  it('reads a valid input', () => {
    expect(read(valid).kind).toBe('parsed');
  });

  it('never throws on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['parsed', 'malformed']).toContain(read(bytes).kind);
      }),
    );
  });

  it('never throws on a valid input with some bytes changed or cut off', () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));

    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(), (changes, cut) => {
        const bytes = Buffer.from(valid);
        for (const [at, octet] of changes) bytes[at % bytes.length] = octet;

        expect(['parsed', 'malformed']).toContain(read(bytes).kind);
        expect(read(valid.subarray(0, cut % valid.length)).kind).toBe('malformed');
      }),
    );
  });
});

describe('the other readers', () => {
  it('never throw on arbitrary texts', () => {
    const signature = readLayer('application/vnd.dev.cosign.simplesigning.v1+json');
    const attestation = readLayer('application/vnd.dsse.envelope.v1+json');

    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const results = [
          parsePem(text),
          parseCheckpoint(text),
          signature(Buffer.from(text)),
          attestation(Buffer.from(text)),
        ];
        expect(results.every(({ kind }) => kind === 'parsed' || kind === 'malformed')).toBe(true);
      }),
    );
  });

  it('read PEM that was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 3 }),
        (blobs) => {
          const blocks = blobs.map((bytes) => ({ label: 'CERTIFICATE', bytes: Buffer.from(bytes) }));

          expect(parsePem(blocks.map(formatPem).join('a remark\n'))).toEqual({ kind: 'parsed', value: blocks });
        },
      ),
    );
  });

  it('take one spelling of base64 only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))?.equals(bytes)).toBe(true);
      }),
    );

    for (const text of ['QQ', 'QQ=', 'QR==', 'QQ==\n', ' QQ==', '_-A=', 'QQ==QQ=='])
      expect(decodeBase64(text)).toBeUndefined();
  });
});
