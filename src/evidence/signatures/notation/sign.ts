// SPDX-License-Identifier: Apache-2.0
// Makes a Notary Project envelope in two steps: what has to be signed, and the envelope once the signature (and a timestamp) is there. The key
// itself is the caller's: a file, or a plugin.
import { encodeCoseEnvelope, encodeCoseProtected, sigStructure } from '../../../formats/notation/cose.ts';
import type { EnvelopeAlgorithm, EnvelopeFormat, SigningScheme } from '../../../formats/notation/envelope.ts';
import { payloadMediaType } from '../../../formats/notation/envelope.ts';
import { encodeJwsEnvelope, encodeJwsProtected, jwsSigningInput } from '../../../formats/notation/jws.ts';
import type { TargetArtifact } from '../../../formats/notation/payload.ts';
import { encodeNotationPayload } from '../../../formats/notation/payload.ts';
import type { SignedAttribute, UnsignedHeaders } from '../../../formats/notation/written.ts';
import { certificateKey } from '../certificate-path.ts';
import type { Refusal } from '../refusal.ts';
import { isRefusal } from '../refusal.ts';
import type { SigningChain } from './chain.ts';
import { checkChainTimes, checkSigningChain } from './chain.ts';
import { algorithmOf } from './envelope-signature.ts';

export interface SigningWish {
  readonly format: EnvelopeFormat;
  readonly payload: Buffer;
  readonly algorithm: EnvelopeAlgorithm;
  readonly scheme: SigningScheme;
  /** Milliseconds since 1970. */
  readonly signingTime: number;
  readonly expiry: number | undefined;
  readonly attributes: readonly SignedAttribute[];
}

/** An envelope that lacks its signature. */
export interface UnsignedEnvelope {
  /** The bytes to sign. */
  readonly input: Buffer;
  finish(signature: Buffer, unsigned: UnsignedHeaders): Buffer;
}

export function unsignedEnvelope(wish: SigningWish): UnsignedEnvelope {
  const headers = { ...wish, contentType: payloadMediaType };
  if (wish.format === 'jws') {
    const input = jwsSigningInput(encodeJwsProtected(headers), wish.payload);
    return { input, finish: (signature, unsigned) => encodeJwsEnvelope(input, signature, unsigned) };
  }
  const protectedHeader = encodeCoseProtected(headers);
  return {
    input: sigStructure(protectedHeader, wish.payload),
    finish: (signature, unsigned) =>
      encodeCoseEnvelope({ protectedHeader, payload: wish.payload, signature }, unsigned),
  };
}

export interface OwnSignature {
  readonly format: EnvelopeFormat;
  readonly target: TargetArtifact;
  readonly chain: SigningChain;
  readonly now: number;
  readonly expiry: number | undefined;
}

/** The usual envelope of a key with its certificate. Refused where a verifier would: a signature that nobody takes is not made. */
export function ownEnvelope(
  wish: OwnSignature,
): { readonly algorithm: EnvelopeAlgorithm; readonly envelope: UnsignedEnvelope } | Refusal {
  const { chain, target, now } = wish;
  const invalid = checkSigningChain(chain) ?? checkChainTimes(chain, now, now);
  if (invalid !== undefined) return invalid;
  const key = certificateKey(chain[0]);
  const algorithm = isRefusal(key) ? key : algorithmOf(key);
  if (isRefusal(algorithm)) return algorithm;
  const envelope = unsignedEnvelope({
    format: wish.format,
    payload: encodeNotationPayload(target),
    algorithm,
    scheme: 'notary.x509',
    signingTime: now,
    expiry: wish.expiry,
    attributes: [],
  });
  return { algorithm, envelope };
}
