// SPDX-License-Identifier: Apache-2.0
// What a signer puts into an envelope, before it is encoded as JWS or COSE.
import type { EnvelopeAlgorithm, SigningScheme } from './envelope.ts';

/** A signed attribute of the signer's own. */
export interface SignedAttribute {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly isCritical: boolean;
}

export interface EnvelopeHeaders {
  readonly algorithm: EnvelopeAlgorithm;
  readonly contentType: string;
  readonly scheme: SigningScheme;
  /** Milliseconds since 1970; written in whole seconds. */
  readonly signingTime: number;
  readonly expiry: number | undefined;
  readonly attributes: readonly SignedAttribute[];
}

export interface UnsignedHeaders {
  /** DER, leaf first, root last. */
  readonly certificates: readonly Buffer[];
  readonly timestamp: Buffer | undefined;
  readonly signingAgent: string;
}
