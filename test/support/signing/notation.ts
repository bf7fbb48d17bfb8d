// SPDX-License-Identifier: Apache-2.0
// A small world of the Notary Project for tests: a root, a leaf, envelopes of both formats, a trust policy, and one attempt at verification.
// What `unsignedEnvelope` writes is signed as it stands, so hostile envelopes can be made as well as good ones.
import { createHash } from 'node:crypto';
import { signEnvelope } from '../../../src/evidence/signatures/notation/envelope-signature.ts';
import type { SigningWish } from '../../../src/evidence/signatures/notation/sign.ts';
import { unsignedEnvelope } from '../../../src/evidence/signatures/notation/sign.ts';
import type { NotationArtifact } from '../../../src/evidence/signatures/notation/target.ts';
import type { TrustStoreLookup } from '../../../src/evidence/signatures/notation/trust-store.ts';
import type {
  CheckResult,
  NotationRequest,
  NotationVerification,
} from '../../../src/evidence/signatures/notation/verify.ts';
import { verifyNotation } from '../../../src/evidence/signatures/notation/verify.ts';
import { refuse } from '../../../src/evidence/signatures/refusal.ts';
import { encodeDer, tags } from '../../../src/formats/der.ts';
import type { EnvelopeFormat } from '../../../src/formats/notation/envelope.ts';
import { envelopeMediaTypes } from '../../../src/formats/notation/envelope.ts';
import type { TargetArtifact } from '../../../src/formats/notation/payload.ts';
import { encodeNotationPayload } from '../../../src/formats/notation/payload.ts';
import type { CheckName, TrustPolicyStatement } from '../../../src/formats/notation/trust-policy.ts';
import { parseTrustPolicy } from '../../../src/formats/notation/trust-policy.ts';
import { extensionIds } from '../../../src/formats/x509.ts';
import type { Digest } from '../../../src/model/digest.ts';
import type { CertificateParts, Issued } from './certificates.ts';
import { authorityExtensions, ecKeys, extension, issue, purposeExtension, signingKeyUsage } from './certificates.ts';

export const now = Date.parse('2026-06-01T00:00:00Z');
const day = 24 * 60 * 60 * 1_000;
const validity = { notBefore: now - 300 * day, notAfter: now + 300 * day };

const sharedKeys = ecKeys();

export const root = issue({ subject: 'Test root', keys: ecKeys(), extensions: authorityExtensions(), ...validity });
export const strangerRoot = issue({
  subject: 'Other root',
  keys: ecKeys(),
  extensions: authorityExtensions(),
  ...validity,
});

export const leafExtensions: readonly Buffer[] = [signingKeyUsage(), purposeExtension('codeSigning')];

export function makeSigner(parts: Partial<CertificateParts> = {}): Issued {
  return issue({
    subject: 'Release signer',
    keys: sharedKeys,
    issuer: root,
    extensions: leafExtensions,
    ...validity,
    ...parts,
  });
}

export const signer = makeSigner();

/** A leaf whose validity has ended. */
export const expiredSigner = makeSigner({ notAfter: now - 10 * day });

/** A leaf that names a place where its revocation would be told. */
export const revocableSigner = makeSigner({ extensions: revocableExtensions('http://crl.example/list') });

/** Extensions of a leaf that names a list at this address. */
export function revocableExtensions(address: string): readonly Buffer[] {
  return [...leafExtensions, revocationPoint(address)];
}

/** `cRLDistributionPoints` with this address. */
export function revocationPoint(address: string): Buffer {
  return extension('2.5.29.31', crlPoint(address));
}

function crlPoint(address: string): Buffer {
  const name = encodeDer(0x86, Buffer.from(address));
  const point = encodeDer(0xa0, encodeDer(0xa0, name));
  return encodeDer(tags.sequence, encodeDer(tags.sequence, point));
}

/** Extensions of a leaf with the bytes of `basicConstraints` for an authority. */
export const authorityLeafExtensions: readonly Buffer[] = [
  ...leafExtensions,
  extension(
    extensionIds.basicConstraints,
    encodeDer(tags.sequence, encodeDer(tags.boolean, Buffer.from([0xff]))),
    'critical',
  ),
];

export const manifestBytes = Buffer.from('{"schemaVersion":2}');

export function targetOf(bytes: Uint8Array = manifestBytes): TargetArtifact {
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest,
    size: bytes.length,
    annotations: new Map(),
  };
}

export interface EnvelopeParts extends Partial<Omit<SigningWish, 'format'>> {
  readonly target?: TargetArtifact;
  readonly by?: Issued;
  /** Below the leaf; the root alone when absent. */
  readonly above?: readonly Issued[];
  /** Or what makes it over the signature. */
  readonly timestamp?: Buffer | ((signature: Uint8Array) => Buffer);
}

/** A signed envelope. */
export function envelope(format: EnvelopeFormat, parts: EnvelopeParts = {}): Buffer {
  const { target = targetOf(), by = signer, above = [root], timestamp, ...wish } = parts;
  const unsigned = unsignedEnvelope({
    format,
    payload: encodeNotationPayload(target),
    algorithm: 'ES256',
    scheme: 'notary.x509',
    signingTime: now - 20 * day,
    expiry: undefined,
    attributes: [],
    ...wish,
  });
  const signature = signEnvelope('ES256', by.keys.privateKey, unsigned.input);
  const certificates = [by, ...above].map(({ certificate }) => certificate.encoded);
  return unsigned.finish(signature, {
    certificates,
    timestamp: typeof timestamp === 'function' ? timestamp(signature) : timestamp,
    signingAgent: 'test/1',
  });
}

/** A trust policy with one statement, as it stands in a file. */
export function policyText(statement: Readonly<Record<string, unknown>> = {}): string {
  const usual = {
    name: 'release',
    registryScopes: ['*'],
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:own'],
    trustedIdentities: ['*'],
  };
  return JSON.stringify({ version: '1.0', trustPolicies: [{ ...usual, ...statement }] });
}

export function statementOf(statement: Readonly<Record<string, unknown>> = {}): TrustPolicyStatement {
  const parsed = parseTrustPolicy(Buffer.from(policyText(statement)), 'oci');
  const [first] = parsed.kind === 'parsed' ? parsed.value.statements : [];
  if (first === undefined) throw new Error(`no statement: ${JSON.stringify(parsed)}`);
  return first;
}

/** `ca:own` holds the root, `tsa:own` and everything else is missing. */
export const lookup: TrustStoreLookup = ({ type, name }) =>
  name === 'own' && type !== 'tsa'
    ? { kind: 'store', type, name, certificates: [root.certificate] }
    : refuse('TRUST_STORE_INVALID', `no store ${type}:${name}`);

export const artifact: NotationArtifact = { kind: 'manifest', ...targetOf() };

/** Verifies as the program does, against the manifest and the usual statement unless told otherwise. */
export function verify(
  bytes: Uint8Array,
  format: EnvelopeFormat,
  request: Partial<NotationRequest> = {},
): NotationVerification {
  return verifyNotation(bytes, envelopeMediaTypes[format], {
    artifact,
    statement: statementOf(),
    lookup,
    now,
    revocation: new Map(),
    ...request,
  });
}

/** `verified`, or the code of the refusal. */
export function codeOf(verification: NotationVerification): string {
  return verification.kind === 'refused' ? verification.refusal.code : verification.kind;
}

export function checkOf({ checks }: NotationVerification, name: CheckName): CheckResult['outcome'] | undefined {
  return checks.find(({ check }) => check === name)?.outcome;
}

/** A JWS with some of its members exchanged; nothing is signed again. */
export function changedJws(bytes: Buffer, change: (members: Record<string, unknown>) => void): Buffer {
  const members = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  change(members);
  return Buffer.from(JSON.stringify(members));
}
