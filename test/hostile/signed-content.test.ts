// SPDX-License-Identifier: Apache-2.0
// Signatures and statements about something else than the artifact, and bundles that can be read in two ways.

import { describe, expect, it } from 'vitest';
import type { SignaturePolicy } from '../../src/evidence/signatures/policy.ts';
import {
  artifact,
  chainBundle,
  codeOf,
  keyless,
  leaf,
  other,
  repeatedEntries,
  signedBy,
  verify,
  world,
} from '../support/signing/attempt.ts';
import {
  issuer,
  secondLogBundle,
  signedAt,
  statementBundle,
  statementOf,
  subject,
} from '../support/signing/sigstore.ts';

describe('what is right is accepted', () => {
  it('accepts a message signature in Rekor v1', () => {
    const verification = verify(signedBy(leaf));

    expect(verification).toMatchObject({
      kind: 'verified',
      signer: { kind: 'certificate', issuer, subjects: [{ kind: 'uri', value: subject }] },
      times: [{ source: 'log-entry', time: signedAt }],
    });
  });

  it('accepts a message signature in Rekor v2 with a timestamp', () => {
    expect(codeOf(verify(secondLogBundle(world, { artifact, leaf })))).toBe('verified');
  });

  it('accepts a statement about the artifact', () => {
    const verification = verify(statementBundle(world, { leaf, payload: statementOf(artifact) }));

    expect(verification).toMatchObject({ kind: 'verified', claim: { kind: 'statement' } });
  });
});

describe('wrong content', () => {
  it('refuses a signature of another artifact', () => {
    expect(codeOf(verify(signedBy(leaf), { artifact: other }))).toBe('ARTIFACT_MISMATCH');
  });

  it('refuses it also when the bundle does not state its artifact', () => {
    const bundle = signedBy(leaf);
    const { signature } = bundle['messageSignature'] as { signature: string };

    const verification = verify({ ...bundle, messageSignature: { signature } }, { artifact: other });

    expect(codeOf(verification)).toBe('LOG_ENTRY_MISMATCH');
  });

  it('refuses a statement about another artifact', () => {
    const bundle = statementBundle(world, { leaf, payload: statementOf(other) });

    expect(codeOf(verify(bundle))).toBe('ARTIFACT_MISMATCH');
  });

  it('refuses a subject of which one digest is right and another is not', () => {
    const statement = statementOf(artifact);
    const [named] = statement['subject'] as { digest: Record<string, string> }[];
    if (named !== undefined) named.digest['sha512'] = 'ab'.repeat(64);

    expect(codeOf(verify(statementBundle(world, { leaf, payload: statement })))).toBe('ARTIFACT_MISMATCH');
  });

  it.each([
    ['upper case', (hex: string) => ({ sha256: hex.toUpperCase() })],
    ['cut off', (hex: string) => ({ sha256: hex.slice(0, 32) })],
    ['prefixed twice', (hex: string) => ({ sha256: `sha256:${hex}` })],
    ['under another name', (hex: string) => ({ sha512: hex })],
    ['of a weak algorithm', () => ({ md5: '0'.repeat(32) })],
    ['empty', () => ({})],
  ])('refuses a subject digest that is %s', (_, change) => {
    const statement = statementOf(artifact);
    const [named] = statement['subject'] as { digest: Record<string, string> }[];
    const payload = { ...statement, subject: [{ name: 'a', digest: change(named?.digest['sha256'] ?? '') }] };

    expect(codeOf(verify(statementBundle(world, { leaf, payload })))).toBe('ARTIFACT_MISMATCH');
  });

  it('refuses a statement without subjects', () => {
    const payload = { ...statementOf(artifact), subject: [] };

    expect(codeOf(verify(statementBundle(world, { leaf, payload })))).toBe('STATEMENT_MALFORMED');
  });

  it('refuses another kind of claim than the one asked for', () => {
    const policy: SignaturePolicy = { ...keyless, predicateTypes: ['https://slsa.dev/provenance/v1'] };
    const bundle = statementBundle(world, { leaf, payload: statementOf(artifact, 'https://spdx.dev/Document') });

    expect(codeOf(verify(bundle, { policy }))).toBe('PREDICATE_TYPE');
  });

  it('refuses a plain signature where a claim is asked for', () => {
    const policy: SignaturePolicy = { ...keyless, predicateTypes: ['https://slsa.dev/provenance/v1'] };

    expect(codeOf(verify(signedBy(leaf), { policy }))).toBe('PREDICATE_TYPE');
  });

  it('refuses an envelope of another payload type, though it is signed', () => {
    const bundle = statementBundle(world, { leaf, payload: statementOf(artifact), payloadType: 'text/plain' });

    expect(codeOf(verify(bundle))).toBe('PAYLOAD_TYPE');
  });

  it('refuses a payload type that was changed after signing', () => {
    const bundle = statementBundle(world, { leaf, payload: statementOf(artifact), payloadType: 'text/plain' });
    const envelope = bundle['dsseEnvelope'] as Record<string, unknown>;

    const verification = verify({
      ...bundle,
      dsseEnvelope: { ...envelope, payloadType: 'application/vnd.in-toto+json' },
    });

    expect(codeOf(verification)).toBe('SIGNATURE_INVALID');
  });

  it.each([0, 2])('refuses an envelope with %i signatures', (count) => {
    const bundle = statementBundle(world, { leaf, payload: statementOf(artifact) });
    const envelope = bundle['dsseEnvelope'] as { signatures: unknown[] };
    const signatures = Array.from({ length: count }, () => envelope.signatures[0]);

    expect(codeOf(verify({ ...bundle, dsseEnvelope: { ...envelope, signatures } }))).toBe('PROOF_MALFORMED');
  });

  it('does not believe annotations that are not signed', () => {
    const policy: SignaturePolicy = { ...keyless, annotations: { env: 'production' } };

    expect(codeOf(verify({ ...signedBy(leaf), annotations: { env: 'production' } }, { policy }))).toBe(
      'ANNOTATION_MISMATCH',
    );
  });

  it('refuses a signed payload in which a name stands twice', () => {
    const text = JSON.stringify(statementOf(artifact)).replace(
      '{"_type"',
      '{"predicateType":"https://good.example","_type"',
    );

    const verification = verify(statementBundle(world, { leaf, payload: Buffer.from(text) }));

    expect(codeOf(verification)).toBe('STATEMENT_MALFORMED');
  });

  it('refuses a bundle in which a name stands twice', () => {
    const text = JSON.stringify(signedBy(leaf));
    const twice = text.replace('"messageSignature":', '"messageSignature":{"signature":"AAAA"},"messageSignature":');

    expect(codeOf(verify(twice))).toBe('PROOF_MALFORMED');
  });

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['something behind its end', (text: string) => `${text}{}`],
    ['line breaks in base64', (text: string) => text.replace(/("signature":"[^"]{4})/, '$1\\n')],
    ['the URL alphabet', (text: string) => text.replace(/"signature":"[^"]*"/, '"signature":"_-_-"')],
    ['a prototype', () => '{"__proto__":{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}}'],
    ['thousands of nested lists', () => '['.repeat(100_000)],
    ['a thousand certificates', () => JSON.stringify(chainBundle(1_000))],
    ['a thousand log entries', () => JSON.stringify(repeatedEntries(1_000))],
    ['a log index above 2^53', (text: string) => text.replace('"logIndex":"2"', '"logIndex":"9007199254740993"')],
    ['a negative log index', (text: string) => text.replace('"logIndex":"2"', '"logIndex":"-2"')],
  ])('refuses a bundle with %s', (_, change) => {
    expect(codeOf(verify(change(JSON.stringify(signedBy(leaf)))))).toBe('PROOF_MALFORMED');
  });
});
