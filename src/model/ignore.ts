// SPDX-License-Identifier: Apache-2.0
// An entry of an ignore file in neutral form. Readers stand in src/formats/ignore-file.ts; src/verdict/exceptions.ts applies them.
import type { Finding, FixState } from './finding.ts';
import type { Location } from './location.ts';
import type { Problem } from './problem.ts';

/** Everything that is given must hold for the entry to apply. */
export interface IgnoreRule {
  /** Ids of vulnerabilities or checks; empty: any. */
  readonly ids: readonly string[];
  /** Whether an id also matches through the aliases of a finding. */
  readonly aliases: 'match' | 'exact';
  /** Which scanner's findings it is for; undefined: all. */
  readonly scanner?: Finding['kind'];
  /** Package name, compared whole; a `re:` prefix marks a regular expression of the user's file. */
  readonly packageName?: string;
  readonly packageVersion?: string;
  readonly packageType?: string;
  /** purl types of one language; the package has to be of one of them. */
  readonly packageTypes?: readonly string[];
  /** Name of the source package of an operating system package; `re:` marks a regular expression. */
  readonly upstreamName?: string;
  /** How the vulnerability was found: under the package's own name, that of its source, or a CPE name. */
  readonly matchedBy?: 'package' | 'source' | 'cpe';
  /** Grype's name for the place of the advisory: `github:language:python`. */
  readonly namespace?: string;
  /** Package URLs; one without version or qualifiers matches all of them. Empty: any. */
  readonly purls: readonly string[];
  /** Globs over the paths of the finding; empty: any. */
  readonly paths: readonly string[];
  readonly fixState?: FixState;
  readonly severity?: string;
  readonly reason: string;
  /** RFC 3339 date or date-time: the entry no longer applies from then on. */
  readonly expires?: string;
  readonly location: Location;
}

export interface IgnoreFile {
  readonly rules: readonly IgnoreRule[];
  readonly problems: readonly Problem[];
}
