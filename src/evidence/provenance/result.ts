// SPDX-License-Identifier: Apache-2.0
// What verification of provenance returns: facts that hold, or every reason why they do not. There is nothing in between.
import type { InTotoStatement } from '../../formats/in-toto-statement.ts';
import type { SlsaProvenance } from '../../formats/slsa-provenance.ts';
import type { SignaturePolicy } from '../signatures/policy.ts';
import type { Proof } from '../signatures/proof.ts';
import type { TrustRoot } from '../signatures/trust-root.ts';
import type { Verified } from '../signatures/verify.ts';
import type { BuildLevel } from './builders.ts';
import type { Failure } from './failure.ts';

/** The level of the SLSA build track, and why it is this one. */
export interface LevelFinding {
  readonly level: BuildLevel;
  /** Who vouches for it: the row of the table of builders, or that nobody does. */
  readonly statedBy: string;
  readonly reasons: readonly string[];
}

/** Facts about the build that somebody trusted states. */
export interface BuildFacts {
  /** Without version; the one that is trusted, not the one that the predicate claims. */
  readonly builderId: string;
  readonly builderRef: string | undefined;
  readonly source: string | undefined;
  readonly commit: string | undefined;
  readonly ref: string | undefined;
  readonly run: string | undefined;
}

/** The signature under the statement. Cloud Build signs in a way of its own, which no signature policy describes. */
export type ProvenanceSignature =
  | {
      readonly kind: 'sigstore';
      readonly verified: Verified;
      readonly policy: SignaturePolicy;
      readonly trustRoot: TrustRoot;
      readonly proof: Proof;
      readonly isLogged: boolean;
    }
  | { readonly kind: 'service-key'; readonly keyId: string; readonly fingerprint: string };

export interface VerifiedProvenance {
  readonly kind: 'verified';
  readonly statement: InTotoStatement;
  readonly provenance: SlsaProvenance;
  readonly build: BuildFacts;
  readonly level: LevelFinding;
  readonly signature: ProvenanceSignature;
  readonly package?: { readonly name: string; readonly version: string };
}

export interface RefusedProvenance {
  readonly kind: 'refused';
  readonly failures: readonly [Failure, ...Failure[]];
}

export type ProvenanceResult = VerifiedProvenance | RefusedProvenance;

export function refused(first: Failure, ...others: readonly Failure[]): RefusedProvenance {
  return { kind: 'refused', failures: [first, ...others] };
}

/** The result when every check was made: refused if one failed. */
export function concluded(failures: readonly Failure[], verified: () => VerifiedProvenance): ProvenanceResult {
  const [first, ...others] = failures;
  return first === undefined ? verified() : refused(first, ...others);
}
