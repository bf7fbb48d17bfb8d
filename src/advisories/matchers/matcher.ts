// SPDX-License-Identifier: Apache-2.0
// What a matcher is: it knows under which names the advisories on a package of its types are kept. One file per family of ecosystems.
import type { AffectedPackage } from '../../model/advisory.ts';
import type { Distribution, Package } from '../../model/package.ts';

export interface Matcher {
  /** Unique, the name of the file. */
  readonly id: string;
  /** purl types it answers for; no two matchers share one. */
  readonly types: readonly string[];
  /** Where to look; why not, when there is nowhere. */
  queries(item: Package, distribution: Distribution | undefined): readonly AdvisoryQuery[] | NoQuery;
  /** Whether an entry that covers the version concerns this very package (module stream, architecture, platform). Default: it does. */
  concerns?(affected: AffectedPackage, item: Package, distribution: Distribution | undefined): boolean;
}

export interface AdvisoryQuery {
  /** OSV name with release. */
  readonly ecosystem: string;
  /** As `normaliseName` gives it. */
  readonly name: string;
  /** Version to compare; differs from the package's own for source packages. */
  readonly version: string;
  /** Said after the name in explanations: `source of libssl3`. */
  readonly note?: string;
  /** What the name is, where it is not the package's own. */
  readonly via?: 'source' | 'cpe';
  /** What is found here counts more than what the other queries find on the same vulnerability: a stream with fixes of its own. */
  readonly overrules?: boolean;
}

/**
 * `no-version`: nothing to compare; `no-distribution`: its release is not known; `no-name`: the name lacks a part;
 * `no-ecosystem`: nobody publishes advisories on such packages.
 */
export interface NoQuery {
  readonly reason: 'no-version' | 'no-distribution' | 'no-name' | 'no-ecosystem';
}

/** Narrows the answer of `queries`. */
export function isQueries(answer: readonly AdvisoryQuery[] | NoQuery): answer is readonly AdvisoryQuery[] {
  return Array.isArray(answer);
}

/** Identity function that fixes the type; matchers are listed in index.ts. */
export function defineMatcher(matcher: Matcher): Matcher {
  return matcher;
}
