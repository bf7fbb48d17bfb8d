// SPDX-License-Identifier: Apache-2.0
// Signatures and attestations in Cosign's older layout: the payload is the only link to the image, and annotations prove nothing by themselves.
import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SignaturePolicy } from '../../src/evidence/signatures/policy.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { trustRootOf } from '../../src/evidence/signatures/trust-root.ts';
import { verifySignature } from '../../src/evidence/signatures/verify.ts';
import type { CosignLayer } from '../../src/formats/cosign-signature.ts';
import { cosignMediaTypes, parseCosignLayer } from '../../src/formats/cosign-signature.ts';
import { preAuthenticationEncoding } from '../../src/formats/dsse.ts';
import type { Digest } from '../../src/model/digest.ts';
import { parseDigest } from '../../src/model/digest.ts';
import { keyless, leaf, world } from '../support/signing/attempt.ts';
import { logIdOf, pemOf } from '../support/signing/certificates.ts';
import { inToto, now, signedAt, statementOf, trustedRootJson } from '../support/signing/sigstore.ts';
import { promiseOf, sha256 } from '../support/signing/transparency-log.ts';

const manifest = Buffer.from('{"an":"image manifest"}');
const certificate = pemOf('CERTIFICATE', leaf.certificate.encoded);

function imageDigest(bytes: Buffer): Digest {
  const digest = parseDigest(`sha256:${sha256(bytes).toString('hex')}`);
  if (digest === undefined) throw new Error('no digest');
  return digest;
}

function bundleAnnotation(kind: string, spec: unknown): string {
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind, spec }));
  const entry = { body, integratedTime: signedAt / 1000, logIndex: 5 };
  return JSON.stringify({
    SignedEntryTimestamp: promiseOf(world.log, entry).toString('base64'),
    Payload: {
      body: body.toString('base64'),
      integratedTime: entry.integratedTime,
      logIndex: entry.logIndex,
      logID: logIdOf(world.log.keys).toString('hex'),
    },
  });
}

function signatureLayer(digest: string, optional: Record<string, string> = {}): CosignLayer {
  const critical = {
    type: 'cosign container image signature',
    image: { 'docker-manifest-digest': digest },
    identity: {},
  };
  const blob = Buffer.from(JSON.stringify({ critical, optional }));
  const signature = sign('sha256', blob, leaf.keys.privateKey);
  const bundle = bundleAnnotation('hashedrekord', {
    data: { hash: { algorithm: 'sha256', value: sha256(blob).toString('hex') } },
    signature: {
      content: signature.toString('base64'),
      publicKey: { content: Buffer.from(certificate).toString('base64') },
    },
  });
  return {
    mediaType: cosignMediaTypes.signature,
    blob,
    annotations: {
      'dev.cosignproject.cosign/signature': signature.toString('base64'),
      'dev.sigstore.cosign/certificate': certificate,
      'dev.sigstore.cosign/bundle': bundle,
    },
  };
}

/** `logged` is the envelope that the log has seen: `intoto` 0.0.1 knows only its digest. */
function attestationLayer(statement: unknown, logged?: Buffer): CosignLayer {
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = sign('sha256', preAuthenticationEncoding(inToto, payload), leaf.keys.privateKey).toString('base64');
  const envelope = { payloadType: inToto, payload: payload.toString('base64'), signatures: [{ keyid: '', sig }] };
  const blob = Buffer.from(JSON.stringify(envelope));
  const bundle = bundleAnnotation('intoto', {
    publicKey: Buffer.from(certificate).toString('base64'),
    content: { hash: { algorithm: 'sha256', value: sha256(logged ?? blob).toString('hex') } },
  });
  return {
    mediaType: cosignMediaTypes.attestation,
    blob,
    annotations: { 'dev.sigstore.cosign/certificate': certificate, 'dev.sigstore.cosign/bundle': bundle },
  };
}

function codeOf(layer: CosignLayer, policy: SignaturePolicy = keyless): string {
  const trustRoot = trustRootOf(Buffer.from(JSON.stringify(trustedRootJson(world))));
  const proof = parseCosignLayer(layer);
  if (isRefusal(trustRoot) || proof.kind === 'malformed') return 'malformed';
  const artifact = { digests: [imageDigest(manifest)] };
  const verification = verifySignature({ artifact, proof: proof.value, trustRoot, policy, time: now });
  return verification.kind === 'refused' ? verification.code : verification.kind;
}

describe('a signature layer', () => {
  it('is accepted for the image it names', () => {
    expect(codeOf(signatureLayer(imageDigest(manifest)))).toBe('verified');
  });

  it('is refused for another image', () => {
    expect(codeOf(signatureLayer(imageDigest(Buffer.from('another'))))).toBe('ARTIFACT_MISMATCH');
  });

  it.each(['sha256:short', 'SHA256:AB', ''])('is refused when it names the image as "%s"', (digest) => {
    expect(codeOf(signatureLayer(digest))).toBe('STATEMENT_MALFORMED');
  });

  it('is refused when its log entry is that of another signature', () => {
    const layer = signatureLayer(imageDigest(manifest));
    const other = signatureLayer(imageDigest(Buffer.from('another')));
    const bundle = other.annotations['dev.sigstore.cosign/bundle'] ?? '';

    const code = codeOf({ ...layer, annotations: { ...layer.annotations, 'dev.sigstore.cosign/bundle': bundle } });

    expect(code).toBe('LOG_ENTRY_MISMATCH');
  });

  it('is refused without a log entry', () => {
    const { 'dev.sigstore.cosign/bundle': bundle, ...annotations } = signatureLayer(imageDigest(manifest)).annotations;

    expect(bundle).toBeDefined();
    expect(codeOf({ ...signatureLayer(imageDigest(manifest)), annotations })).not.toBe('verified');
  });

  it('counts its signed annotations and no others', () => {
    const policy: SignaturePolicy = { ...keyless, annotations: { env: 'production' } };
    const unsigned = signatureLayer(imageDigest(manifest));

    expect(codeOf(signatureLayer(imageDigest(manifest), { env: 'production' }), policy)).toBe('verified');
    expect(codeOf({ ...unsigned, annotations: { ...unsigned.annotations, env: 'production' } }, policy)).toBe(
      'ANNOTATION_MISMATCH',
    );
  });
});

describe('an attestation layer', () => {
  const policy: SignaturePolicy = { ...keyless, predicateTypes: ['https://slsa.dev/provenance/v1'] };

  it('is accepted with an entry that names its envelope', () => {
    expect(codeOf(attestationLayer(statementOf(manifest)), policy)).toBe('verified');
  });

  it('is refused with an entry that names another envelope', () => {
    expect(codeOf(attestationLayer(statementOf(manifest), Buffer.from('another')), policy)).toBe('LOG_ENTRY_MISMATCH');
  });

  it('is judged by the type in its statement, not by the annotation beside it', () => {
    const layer = attestationLayer(statementOf(manifest, 'https://spdx.dev/Document'));
    const annotations = { ...layer.annotations, predicateType: 'https://slsa.dev/provenance/v1' };

    expect(codeOf({ ...layer, annotations }, policy)).toBe('PREDICATE_TYPE');
  });

  it('is refused when it is about another image', () => {
    expect(codeOf(attestationLayer(statementOf(Buffer.from('another'))), policy)).toBe('ARTIFACT_MISMATCH');
  });
});
