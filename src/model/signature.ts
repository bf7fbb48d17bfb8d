// SPDX-License-Identifier: Apache-2.0
// What a verified signature says about an artifact: who signed, when, where it is logged, and under which policy and trust root that was found.

/** Who signed: a certificate's subject and the issuer of its token, or a key. */
export type SignedBy =
  | {
      readonly kind: 'certificate';
      readonly subjects: readonly string[];
      readonly issuer?: string;
      /** Further claims of the certificate about the token (source repository, workflow, runner). */
      readonly claims: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'key'; readonly fingerprint: string };

export interface SignatureFact {
  readonly signedBy: SignedBy;
  /** Digests of the artifact that the signature was compared with. */
  readonly artifact: readonly string[];
  /** `artifact` for a plain signature, `image` for Cosign's payload, else the predicate type of the statement. */
  readonly claim: string;
  /** RFC 3339 times at which the signature is proved to have existed. */
  readonly times: readonly {
    readonly source: 'log-entry' | 'timestamp';
    readonly time: string;
    readonly authority: string;
  }[];
  readonly logEntries: readonly { readonly log: string; readonly logIndex: number }[];
  /** Mode of the policy: what was asked for, and what was not. */
  readonly mode: string;
  readonly policyDigest: string;
  readonly trustRootDigest: string;
  /** `sha256:` of the proof. */
  readonly proofDigest: string;
}
