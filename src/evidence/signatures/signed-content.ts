// SPDX-License-Identifier: Apache-2.0
// What a signature covers, and whether that is the artifact in question and the claim that was asked for.
import { hash } from 'node:crypto';
import { parseSimpleSigning } from '../../formats/cosign-simple-signing.ts';
import type { JsonObject } from '../../formats/document.ts';
import { preAuthenticationEncoding } from '../../formats/dsse.ts';
import type { InTotoStatement, StatementSubject } from '../../formats/in-toto-statement.ts';
import { inTotoPayloadType, parseInTotoStatement } from '../../formats/in-toto-statement.ts';
import type { HashName } from '../../formats/rekor-entry.ts';
import type { SignaturePolicy } from './policy.ts';
import type { Artifact, ProofContent } from './proof.ts';
import { artifactDigest } from './proof.ts';
import type { PublicKey } from './public-key.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import type { Signed } from './signature.ts';

export type SignedClaim =
  /** A plain signature over the artifact. */
  | { readonly kind: 'artifact' }
  | { readonly kind: 'statement'; readonly statement: InTotoStatement }
  | { readonly kind: 'image'; readonly annotations: JsonObject };

export interface SignedContent {
  readonly signature: Buffer;
  readonly payload: Buffer | undefined;
  readonly storedEnvelope: Buffer | undefined;
  /** The signed bytes, as far as they are known, for a key. */
  readonly signedFor: (key: PublicKey) => Signed | Refusal;
  readonly signedDigest: (algorithm: HashName) => Buffer | undefined;
}

/** Opens the content of a proof for verification; says nothing about its truth. */
export function openContent(content: ProofContent, artifact: Artifact): SignedContent {
  if (content.kind === 'message') {
    return {
      signature: content.signature,
      payload: undefined,
      storedEnvelope: undefined,
      signedFor: (key) => signedArtifact(artifact, key),
      signedDigest: (algorithm) => artifactDigest(artifact, algorithm),
    };
  }
  const isEnvelope = content.kind === 'envelope';
  const bytes = isEnvelope
    ? preAuthenticationEncoding(content.envelope.payloadType, content.envelope.payload)
    : content.payload;
  return {
    signature: isEnvelope ? content.envelope.signature : content.signature,
    payload: isEnvelope ? content.envelope.payload : undefined,
    storedEnvelope: isEnvelope ? content.stored : undefined,
    signedFor: () => ({ kind: 'bytes', bytes }),
    signedDigest: (algorithm) => hash(algorithm, bytes, 'buffer'),
  };
}

function signedArtifact(artifact: Artifact, key: PublicKey): Signed | Refusal {
  if (artifact.bytes !== undefined) return { kind: 'bytes', bytes: artifact.bytes };
  const { scheme } = key;
  if (scheme.kind === 'ed25519' || scheme.kind === 'ed25519ph')
    return refuse('ARTIFACT_REQUIRED', 'Ed25519 signatures are verified over the bytes of the artifact');
  const value = artifactDigest(artifact, scheme.hash);
  return value === undefined
    ? refuse('ARTIFACT_REQUIRED', `the key signs ${scheme.hash} digests; the artifact is known by another one only`)
    : { kind: 'digest', algorithm: scheme.hash, value };
}

/** Compares the content with artifact and policy. The signature over it must have been found good before. */
export function checkClaim(content: ProofContent, artifact: Artifact, policy: SignaturePolicy): SignedClaim | Refusal {
  if (content.kind === 'message') return checkMessage(policy);
  if (content.kind === 'envelope') return checkEnvelope(content.envelope, artifact, policy);
  return checkSimpleSigning(content.payload, artifact, policy);
}

/** A bundle may state, unsigned, which artifact it is for. That proves nothing, but a contradiction is worth a plain answer before all else. */
export function checkHint(content: ProofContent, artifact: Artifact): Refusal | undefined {
  if (content.kind !== 'message' || content.digest === undefined) return undefined;
  const actual = artifactDigest(artifact, content.digest.algorithm);
  return actual === undefined || actual.equals(content.digest.value)
    ? undefined
    : refuse('ARTIFACT_MISMATCH', 'the bundle says that it is about another artifact');
}

function checkMessage(policy: SignaturePolicy): SignedClaim | Refusal {
  if (policy.predicateTypes !== undefined) return refuse('PREDICATE_TYPE', 'a plain signature makes no claim');
  return checkAnnotations({}, policy) ?? { kind: 'artifact' };
}

function checkEnvelope(
  envelope: { readonly payloadType: string; readonly payload: Buffer },
  artifact: Artifact,
  policy: SignaturePolicy,
): SignedClaim | Refusal {
  if (envelope.payloadType !== inTotoPayloadType)
    return refuse('PAYLOAD_TYPE', `the envelope holds ${envelope.payloadType.slice(0, 100)}`);
  const parsed = parseInTotoStatement(envelope.payload);
  if (parsed.kind === 'malformed') return refuse('STATEMENT_MALFORMED', parsed.reason);
  const statement = parsed.value;
  const subject = statement.subjects.find((item) => isSubject(item, artifact));
  if (subject === undefined) return refuse('ARTIFACT_MISMATCH', 'the artifact is not a subject of the statement');
  if (policy.predicateTypes !== undefined && !policy.predicateTypes.includes(statement.predicateType))
    return refuse('PREDICATE_TYPE', `the statement is of the type ${statement.predicateType.slice(0, 200)}`);
  return checkAnnotations(subject.annotations ?? {}, policy) ?? { kind: 'statement', statement };
}

const strongHashes: readonly HashName[] = ['sha256', 'sha384', 'sha512'];

/**
 * Every digest that both sides know by one name must be equal, and there must be one: a subject with the right SHA-256 and another SHA-512 is
 * another artifact (in-toto attestation, spec/v1/digest_set.md, asks for one match only; that is too little).
 */
function isSubject({ digest }: StatementSubject, artifact: Artifact): boolean {
  if (artifact.commit !== undefined) return digest.get('gitCommit') === artifact.commit;
  let matches = 0;
  for (const algorithm of strongHashes) {
    const stated = digest.get(algorithm);
    if (stated === undefined) continue;
    const actual = artifactDigest(artifact, algorithm);
    if (actual === undefined) continue;
    if (actual.toString('hex') !== stated) return false;
    matches += 1;
  }
  return matches > 0;
}

function checkSimpleSigning(payload: Buffer, artifact: Artifact, policy: SignaturePolicy): SignedClaim | Refusal {
  const parsed = parseSimpleSigning(payload);
  if (parsed.kind === 'malformed') return refuse('STATEMENT_MALFORMED', parsed.reason);
  const { manifestDigest, annotations } = parsed.value;
  if (!artifact.digests.includes(manifestDigest))
    return refuse('ARTIFACT_MISMATCH', 'the signature is for another image');
  if (policy.predicateTypes !== undefined) return refuse('PREDICATE_TYPE', 'a plain signature makes no claim');
  return checkAnnotations(annotations, policy) ?? { kind: 'image', annotations };
}

function checkAnnotations(annotations: JsonObject, policy: SignaturePolicy): Refusal | undefined {
  for (const [name, value] of Object.entries(policy.annotations ?? {}))
    if (!Object.hasOwn(annotations, name) || annotations[name] !== value)
      return refuse('ANNOTATION_MISMATCH', `no signed annotation ${name.slice(0, 100)} with the value asked for`);
  return undefined;
}
