// SPDX-License-Identifier: Apache-2.0
// What somebody asks of provenance: everything that slsa-verifier and `gh attestation verify` can be told. What is absent is not asked for.

import type { GithubExpectation } from '../signatures/github-policy.ts';
import type { ManagedKey, TextMatch } from '../signatures/policy.ts';
import type { PublicKey } from '../signatures/public-key.ts';
import type { TrustRoot } from '../signatures/trust-root.ts';
import type { BuildLevel, TrustedBuilder } from './builders.ts';

export interface ProvenanceExpectation {
  /** `github.com/owner/repository`, `git+https://…`, `gs://bucket/object`. Compared exactly. */
  readonly sourceUri?: string;
  readonly branch?: string;
  readonly tag?: string;
  /** A version: `v14` also stands for `v14.2.1`. */
  readonly versionedTag?: string;
  /** With or without `@` and the version of the builder. */
  readonly builderId?: string;
  readonly workflowInputs?: Readonly<Record<string, string>>;
  readonly packageName?: string;
  readonly packageVersion?: string;
  /** Owner, repository, workflow and signer as `gh attestation verify` names them. */
  readonly github?: GithubExpectation;
  /** Who must have signed, by subject and issuer of the certificate, and claims of it. */
  readonly certificate?: CertificateExpectation;
  readonly runners?: 'hosted' | 'any';
  /** Types of claim that count; every version of SLSA provenance, if absent. */
  readonly predicateTypes?: readonly string[];
  readonly leastLevel?: BuildLevel;
}

export interface CertificateExpectation {
  readonly subject?: TextMatch;
  readonly issuer?: string;
  /** Digest of the commit, ref and trigger that the certificate names. */
  readonly sourceDigest?: string;
  readonly sourceRef?: string;
  readonly signerDigest?: string;
  readonly trigger?: string;
}

/** A key of a build service, and whether it signs the payload itself or the pre-authentication encoding around it. */
export interface ServiceKey {
  readonly key: PublicKey;
  readonly signs: 'payload' | 'pre-authentication-encoding';
}

export interface ProvenanceTrust {
  /** One of these must vouch for the signer: the public Sigstore, that of a GitHub instance, an own one. */
  readonly trustRoots: readonly TrustRoot[];
  /** `not-asked-for` accepts envelopes without log entry: when they were signed, and whether in public, is then unknown. */
  readonly log: 'required' | 'not-asked-for';
  /** Keys with which a package registry signs what it published. */
  readonly registryKeys: readonly ManagedKey[];
  /** Keys of build services by the name that signatures give them. */
  readonly serviceKeys: ReadonlyMap<string, ServiceKey>;
  readonly builders: readonly TrustedBuilder[];
}
