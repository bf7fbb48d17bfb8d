// SPDX-License-Identifier: Apache-2.0
// What verified provenance says about an artifact: who built it from what, and which level of the SLSA build track that shows.

export interface ProvenanceFact {
  /** Digests of the artifact that the statement was compared with. */
  readonly artifact: readonly string[];
  readonly predicateType: string;
  readonly builder: { readonly id: string; readonly ref?: string };
  readonly buildType: string;
  /** `github.com/owner/repository`. */
  readonly source?: string;
  readonly commit?: string;
  readonly ref?: string;
  /** Address or id of the run. */
  readonly run?: string;
  readonly package?: { readonly name: string; readonly version: string };
  readonly level: {
    readonly track: 'build';
    readonly level: number;
    readonly statedBy: string;
    readonly reasons: readonly string[];
  };
  /** Signer of the certificate, or name of the key. */
  readonly signedBy: string;
  /** Whether a log or a timestamp proves when it was signed. */
  readonly isLogged: boolean;
  /** `sha256:` of the document it stood in. */
  readonly proofDigest: string;
}

/** A verification summary (VSA) that was verified: what a verifier found about an artifact. */
export interface SummaryFact {
  readonly artifact: readonly string[];
  readonly verifier: string;
  readonly resourceUri: string;
  /** RFC 3339. */
  readonly timeVerified: string;
  readonly policyUri?: string;
  readonly levels: readonly string[];
  readonly proofDigest: string;
}
