// SPDX-License-Identifier: Apache-2.0
// What a signature must be to count. The modes are a closed union: each says completely what is asked for, and what is relaxed has to be
// spelled out in it. There is no set of switches that could be combined into something nobody meant.
import type { FulcioClaimName } from '../../formats/fulcio-extensions.ts';
import type { ValidityWindow } from '../../formats/trusted-root.ts';
import type { PublicKey } from './public-key.ts';

/** A text that must be equal, an RE2 expression that must match the whole text, or several of these that must all match. */
export type TextMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'pattern'; readonly expression: string }
  | { readonly kind: 'all'; readonly of: readonly TextMatch[] };

/** Who may have signed, by the certificate. All that is named must match. */
export interface CertificateIdentity {
  /** Subject alternative name: e-mail address, URI or user name. */
  readonly subject: TextMatch;
  /** Issuer of the token that the certificate was given for. */
  readonly issuer: TextMatch;
  /** Further claims about the token. */
  readonly claims?: Readonly<Partial<Record<FulcioClaimName, TextMatch>>>;
}

export interface ManagedKey {
  readonly key: PublicKey;
  /** When the key was in use; always, if absent. */
  readonly validFor?: ValidityWindow;
}

export type SignatureMode =
  /** Certificate from a public Sigstore: logged certificate, log entry and proved time are required. */
  | { readonly mode: 'public-good-keyless'; readonly identities: readonly CertificateIdentity[] }
  /** Certificate from an own Sigstore, which may run fewer services. What it does not run is stated, not assumed. */
  | {
      readonly mode: 'private-sigstore';
      readonly identities: readonly CertificateIdentity[];
      readonly signatureLog: 'required' | 'not-operated-timestamp-instead';
      readonly certificateLog: 'required' | 'not-operated';
    }
  /** One of these keys, and a log entry for the signature. */
  | { readonly mode: 'managed-key-with-log'; readonly keys: readonly ManagedKey[] }
  /** One of these keys is enough: a stolen key leaves no trace. Log entries and timestamps in the proof are not looked at. */
  | { readonly mode: 'managed-key-without-log'; readonly keys: readonly ManagedKey[] }
  /** A certificate of an own authority. `time` says what proves that it was valid when it signed. */
  | {
      readonly mode: 'own-pki';
      readonly subjects: readonly TextMatch[];
      readonly time: 'timestamp' | 'log-entry' | 'now-because-nothing-proves-it';
    };

export type SignaturePolicy = SignatureMode & {
  /** Kinds of claim that an attestation may make; any, if absent. */
  readonly predicateTypes?: readonly string[];
  /** `required`: an RFC 3161 timestamp is asked for, besides what the mode asks for. */
  readonly timestamp?: 'required';
  /** Signed annotations that must be there. */
  readonly annotations?: Readonly<Record<string, string>>;
};
