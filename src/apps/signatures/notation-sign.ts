// SPDX-License-Identifier: Apache-2.0
// Makes one Notary Project signature: a key with its certificate chain, an artifact, and what the signer wants to say besides. A timestamp is asked
// for and checked before the envelope is finished; a signature that no verifier would take is not made.
import type { KeyObject } from 'node:crypto';
import { createPublicKey, randomBytes } from 'node:crypto';
import type { SigningChain } from '../../evidence/signatures/notation/chain.ts';
import { checkChainTimes, checkSigningChain } from '../../evidence/signatures/notation/chain.ts';
import {
  algorithmOf,
  checkEnvelopeSignature,
  hashOf,
  signEnvelope,
} from '../../evidence/signatures/notation/envelope-signature.ts';
import type { UnsignedEnvelope } from '../../evidence/signatures/notation/sign.ts';
import { ownEnvelope, unsignedEnvelope } from '../../evidence/signatures/notation/sign.ts';
import { publicKeyOf } from '../../evidence/signatures/public-key.ts';
import type { Refusal } from '../../evidence/signatures/refusal.ts';
import { isRefusal } from '../../evidence/signatures/refusal.ts';
import { checkTimestampToken } from '../../evidence/signatures/timestamp.ts';
import type { Authority } from '../../evidence/signatures/trust-root.ts';
import type { EnvelopeAlgorithm, EnvelopeFormat } from '../../formats/notation/envelope.ts';
import type { TargetArtifact } from '../../formats/notation/payload.ts';
import { encodeNotationPayload } from '../../formats/notation/payload.ts';
import { parseTimestampToken, timestampTokenOf } from '../../formats/rfc3161.ts';
import type { Certificate } from '../../formats/x509.ts';
import type { ServiceClient } from '../../io/service.ts';
import { requestTimestamp } from '../../io/signing/timestamp-authority.ts';
import { LandwaiterError } from '../../model/error.ts';
import { programName, version } from '../../model/version.ts';

/** A key in files, or one that a plugin keeps: it hands out the certificates with each signature. */
export type NotationKey = LocalNotationKey | KeptNotationKey;

export interface LocalNotationKey {
  readonly kind: 'local';
  /** For messages. */
  readonly name: string;
  readonly key: KeyObject;
  readonly chain: SigningChain;
}

export interface KeptNotationKey {
  readonly kind: 'kept';
  readonly name: string;
  readonly algorithm: EnvelopeAlgorithm;
  /** Signs the bytes. Throws PROGRAM_FAILED. */
  readonly sign: (input: Buffer) => Promise<{ readonly signature: Buffer; readonly chain: SigningChain }>;
}

export interface TimestampPlace {
  readonly client: ServiceClient;
  readonly url: string;
  /** Roots that the authority must lead to. */
  readonly roots: readonly Certificate[];
}

export interface NotationSigning {
  readonly key: NotationKey;
  readonly format: EnvelopeFormat;
  readonly target: TargetArtifact;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly expiry: number | undefined;
  readonly timestamp: TimestampPlace | undefined;
}

/** Hash that names a file which the key signs. Throws KEY_UNREADABLE. */
export function targetHash(key: NotationKey): ReturnType<typeof hashOf> {
  if (key.kind === 'kept') return hashOf(key.algorithm);
  const algorithm = algorithmOf(publicKeyFor(key.name, key.key));
  if (isRefusal(algorithm)) throw failed('KEY_UNREADABLE', `${key.name}: ${algorithm.message}`);
  return hashOf(algorithm);
}

function publicKeyFor(name: string, key: KeyObject): Exclude<ReturnType<typeof publicKeyOf>, Refusal> {
  const read = publicKeyOf(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  if (isRefusal(read)) throw failed('KEY_UNREADABLE', `${name}: ${read.message}`);
  return read;
}

export interface NotationSignature {
  readonly envelope: Buffer;
  readonly chain: SigningChain;
}

/** The envelope. Throws KEY_UNREADABLE, SIGNING_FAILED, NETWORK_FAILED, PROGRAM_FAILED. */
export async function signNotation(signing: NotationSigning): Promise<NotationSignature> {
  const { key, timestamp } = signing;
  const { unsigned, signature, chain } = await (key.kind === 'local'
    ? signLocally(signing, key)
    : signByKeeper(signing, key));
  const token = timestamp === undefined ? undefined : await stampedBy(timestamp, { signature, chain });
  const envelope = unsigned.finish(signature, {
    certificates: chain.map(({ encoded }) => encoded),
    timestamp: token,
    signingAgent: `${programName}/${version}`,
  });
  return { envelope, chain };
}

interface Sealed {
  readonly unsigned: UnsignedEnvelope;
  readonly signature: Buffer;
  readonly chain: SigningChain;
}

async function signLocally(
  { format, target, now, expiry }: NotationSigning,
  { name, key, chain }: LocalNotationKey,
): Promise<Sealed> {
  const { fingerprint } = publicKeyFor(name, key);
  const certified = publicKeyOf(Buffer.from(chain[0].publicKey));
  if (isRefusal(certified) || certified.fingerprint !== fingerprint)
    throw failed('KEY_UNREADABLE', `${name}: the first certificate of the chain is for another key`);
  const made = ownEnvelope({ format, target, chain, now, expiry });
  if (isRefusal(made)) throw failed('SIGNING_FAILED', `${name}: ${made.message}`);
  return { unsigned: made.envelope, signature: signEnvelope(made.algorithm, key, made.envelope.input), chain };
}

/** What the keeper hands out is judged as a verifier would: certificates, algorithm, signature. */
async function signByKeeper(
  { format, target, now, expiry }: NotationSigning,
  { name, algorithm, sign }: KeptNotationKey,
): Promise<Sealed> {
  const unsigned = unsignedEnvelope({
    format,
    payload: encodeNotationPayload(target),
    algorithm,
    scheme: 'notary.x509',
    signingTime: now,
    expiry,
    attributes: [],
  });
  const { signature, chain } = await sign(unsigned.input);
  const refusal =
    checkSigningChain(chain) ??
    checkChainTimes(chain, now, now) ??
    checkEnvelopeSignature({ algorithm, certificates: chain, signed: unsigned.input, signature });
  if (refusal !== undefined) throw failed('SIGNING_FAILED', `${name}: ${refusal.message}`);
  return { unsigned, signature, chain };
}

async function stampedBy(
  { client, url, roots }: TimestampPlace,
  { signature, chain }: { readonly signature: Buffer; readonly chain: SigningChain },
): Promise<Buffer> {
  const response = await requestTimestamp(client, { url, stamped: signature, nonce: randomBytes(8) });
  const token = timestampTokenOf(response);
  if (token.kind === 'malformed') throw failed('SIGNING_FAILED', `the timestamp authority: ${token.reason}`);
  const parsed = parseTimestampToken(token.value);
  if (parsed.kind === 'malformed') throw failed('SIGNING_FAILED', `the timestamp authority: ${parsed.reason}`);
  const authorities = roots.map(
    (anchor): Authority => ({
      uri: url,
      anchor,
      intermediates: [],
      signer: undefined,
      validFor: { start: Number.MIN_SAFE_INTEGER, end: undefined },
    }),
  );
  const proved = checkTimestampToken(parsed.value, signature, authorities);
  if (isRefusal(proved)) throw failed('SIGNING_FAILED', `the timestamp authority: ${proved.message}`);
  const outside = chain.some(({ notBefore, notAfter }) => proved.time < notBefore || proved.time > notAfter);
  if (!outside) return token.value;
  throw failed('SIGNING_FAILED', 'the timestamp lies outside of the time in which the certificates are valid');
}

function failed(code: 'KEY_UNREADABLE' | 'SIGNING_FAILED', message: string): LandwaiterError {
  return new LandwaiterError({ code, message });
}
