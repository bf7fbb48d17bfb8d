// SPDX-License-Identifier: Apache-2.0
// What matching asks of a database, so that it can be tested with an array and run on shards.
import type { Advisory, AffectedPackage } from '../model/advisory.ts';

/** One affected package of one advisory: the unit of matching. */
export interface AdvisoryEntry {
  readonly advisory: Omit<Advisory, 'affected'>;
  readonly affected: AffectedPackage;
}

/** Facts per CVE that no single feed of advisories holds. */
export interface VulnerabilityContext {
  readonly epss?: { readonly score: number; readonly percentile: number };
  readonly knownExploited?: { readonly added: string; readonly ransomware: boolean };
}

export interface AdvisoryLookup {
  /**
   * All entries of a package. `ecosystem` is the OSV name with its release (`npm`, `Debian:12`), `name` already normalised
   * (src/advisories/names.ts). Empty when nothing is known; withdrawn advisories are included and marked.
   */
  find(ecosystem: string, name: string): readonly AdvisoryEntry[];
  /** Whether the database has data of this ecosystem at all: a package of one it lacks is "could not look", not "clean". */
  covers(ecosystem: string): boolean;
  context(cve: string): VulnerabilityContext;
  readonly description: DatabaseDescription;
}

export interface DatabaseDescription {
  /** sha256 of the index: goes into evidence as rulesDigest. */
  readonly digest: string;
  readonly builtAt: string;
  /** Date of the newest advisory in it. */
  readonly newest: string;
  readonly advisories: number;
  /** true when the index has expired: usable, and said. */
  readonly stale: boolean;
  /** Ecosystems of which the database holds a sample only: no finding there is no proof of anything. */
  readonly partial?: readonly string[];
  readonly sources: readonly { readonly id: string; readonly advisories: number; readonly newest: string }[];
}
