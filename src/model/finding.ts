// SPDX-License-Identifier: Apache-2.0
// The structured results that reports show. One union member per scanner.
import type { CodeFinding } from './code-finding.ts';
import type { LayerOrigin } from './image-facts.ts';
import type { LicenseCategory } from './license.ts';
import type { Location } from './location.ts';
import type { PipelineFinding } from './pipeline-finding.ts';
import type { PolicyFinding } from './policy-finding.ts';
import type { SecretFinding } from './secret-finding.ts';
import type { Severity } from './severity.ts';
import type { Fix } from './text-edit.ts';

export type Finding =
  | VulnerabilityFinding
  | LicenseFinding
  | MisconfigurationFinding
  | SecretFinding
  | PipelineFinding
  | PolicyFinding
  | CodeFinding;

/** Findings that are about a package. */
export type PackageFinding = VulnerabilityFinding | LicenseFinding;

/** Fix state in the words of the distributions; `unknown` when the advisory does not say. */
export type FixState = 'fixed' | 'not-fixed' | 'will-not-fix' | 'fix-deferred' | 'end-of-life' | 'unknown';

export interface VulnerabilityFinding {
  readonly kind: 'vulnerability';
  /** The id shown: CVE if there is one, else the advisory's own. */
  readonly id: string;
  /** All other ids of the same vulnerability, sorted. */
  readonly aliases: readonly string[];
  readonly package: PackageReference;
  readonly severity: Severity;
  /** Who rated it: `vendor:<source>`, `cvss:<source>` or `none`. */
  readonly severitySource: string;
  readonly cvss: readonly CvssRating[];
  /** Probability 0..1 of exploitation within 30 days; absent when unknown, which is not 0. */
  readonly epss?: { readonly score: number; readonly percentile: number };
  readonly knownExploited?: { readonly added: string; readonly ransomware: boolean };
  /** 0..100, see docs/risk.md. */
  readonly risk: number;
  readonly fixState: FixState;
  /** Versions that fix it for the installed branch, smallest first. */
  readonly fixedVersions: readonly string[];
  /** Smallest version that clears all findings of this package that have a fix. */
  readonly clearedBy?: string;
  readonly cwes: readonly string[];
  readonly published?: string;
  readonly modified?: string;
  /** Which advisories matched and why, one per source. */
  readonly matches: readonly AdvisoryMatch[];
  readonly urls: readonly string[];
}

/** A licence that a package states, held against the policy. Findings of allowed licences belong to decisions that pass. */
export interface LicenseFinding {
  readonly kind: 'license';
  /** As the package states it: an SPDX expression or words. */
  readonly expression: string;
  /** The same in SPDX ids; absent when the words are not known. */
  readonly spdx?: string;
  readonly package: PackageReference;
  /** Of `A OR B` the lesser, of `A AND B` the worse. */
  readonly category: LicenseCategory;
  readonly severity: Severity;
  /** What decided: a list of the user, or the category alone. */
  readonly basis: 'allowed' | 'denied' | 'not-allowed' | 'category';
  /** One sentence. */
  readonly reason: string;
}

/** Something in the configuration of what runs (an image, a manifest, a Dockerfile) that weakens it. */
export interface MisconfigurationFinding {
  readonly kind: 'misconfiguration';
  /** Id of the check. */
  readonly id: string;
  /** What other programs and benchmarks call the same check, sorted. */
  readonly aliases: readonly string[];
  /** What the check looks for, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  /** What is wrong here, in one sentence; secrets are redacted. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly remediation: string;
  /** What it was found in, for people: `image configuration`, `usr/bin/su (login)`. */
  readonly resource: string;
  /** Of an image: whether the base image brought it, where that is known. */
  readonly origin?: LayerOrigin;
  readonly urls: readonly string[];
  /** What would make it right, where a small change of the text does. */
  readonly fix?: Fix;
}

export interface PackageReference {
  /** Subject id of the package. */
  readonly subject: string;
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly purl?: string;
  readonly locations: readonly Location[];
  readonly scope: string;
  /** Names of the source packages that advisories speak of, where they differ from `name`. */
  readonly sources?: readonly string[];
  /** Shortest chain of packages from a direct dependency to this one (names with versions), this one last. */
  readonly path: readonly string[];
}

export interface CvssRating {
  readonly source: string;
  readonly version: '2.0' | '3.0' | '3.1' | '4.0';
  readonly vector: string;
  readonly score: number;
}

/** Enough to explain a match without the database. */
export interface AdvisoryMatch {
  readonly advisory: string;
  readonly source: string;
  /** Key that was looked up, e.g. `npm / lodash` or `Debian:12 / openssl (source of libssl3)`. */
  readonly searched: string;
  /** What led to the advisory. Absent: the package's own name. */
  readonly via?: 'source' | 'cpe';
  /** The order that compared, e.g. `semver`, `dpkg`. */
  readonly order: string;
  /** The range that contains the version, in words: `>= 4.0.0, < 4.17.21`; or `listed version 1.2.3`. */
  readonly range: string;
  readonly fixed?: string;
  readonly url?: string;
}
