// SPDX-License-Identifier: Apache-2.0
// Facts about a vulnerability as a source publishes them, in the terms of the OSV schema 1.x. No prose: titles and descriptions are not kept.
import type { FixState } from './finding.ts';

export interface Advisory {
  readonly id: string;
  /** Other names of the same vulnerability (CVE, GHSA, vendor ids), sorted, without `id`. */
  readonly aliases: readonly string[];
  /**
   * Separate vulnerabilities that one erratum repairs together (ALSA, RHSA, DSA ...), sorted: each is a finding of its own,
   * so they are no aliases. Absent when the advisory speaks of one vulnerability.
   */
  readonly fixes?: readonly string[];
  /** Feed it came from: `ghsa`, `go`, `pypa`, `rustsec`, `debian` ...: a key of the attribution table. */
  readonly source: string;
  /** RFC 3339; absent when the feed does not say. */
  readonly published?: string;
  readonly modified?: string;
  /** RFC 3339; a withdrawn advisory never matches. */
  readonly withdrawn?: string;
  readonly severities: readonly AdvisorySeverity[];
  readonly cwes: readonly string[];
  readonly affected: readonly AffectedPackage[];
}

export interface AdvisorySeverity {
  /** Who rated: the feed, `nvd`, a vendor. */
  readonly source: string;
  /** Word as the vendor writes it (`MODERATE`), or a CVSS vector. */
  readonly type: 'word' | 'cvss2' | 'cvss3' | 'cvss4';
  readonly value: string;
}

export interface AffectedPackage {
  /** OSV ecosystem with release: `npm`, `PyPI`, `Debian:12`, `Alpine:v3.19`. */
  readonly ecosystem: string;
  /** Normalised as the ecosystem compares names. */
  readonly name: string;
  /** Which order compares: an id of src/advisories/versions/index.ts. */
  readonly order: string;
  /** Affected intervals; a version is affected when any contains it, or `versions` lists it. */
  readonly ranges: readonly VersionInterval[];
  readonly versions: readonly string[];
  /** `not-affected`: these versions are free of the vulnerability, whatever other advisories on the package say. */
  readonly fixState: FixState | 'not-affected';
  /** Rating of this package by the vendor, where it differs per package. */
  readonly severity?: string;
  /** Only for these: rpm module `name:stream`, architectures. */
  readonly modularity?: string;
  readonly architectures?: readonly string[];
  /** Only where one of these Go packages is compiled in: `golang.org/x/net/html`, or with what is vulnerable in it `net/http#Server.Serve,Serve`. */
  readonly importPaths?: readonly string[];
  /** Names of the product in CPE 2.3, for advisories that know no package: which vendor, edition and target software is meant. */
  readonly cpes?: readonly string[];
  /** Only on these platforms, in CPE 2.3. */
  readonly platforms?: readonly string[];
}

/** Half-open or closed interval; absent `introduced` means "from the first version", absent ends mean "and all later". */
export interface VersionInterval {
  readonly introduced?: string;
  /** First version that is not affected. */
  readonly fixed?: string;
  /** Last version that is affected; never together with `fixed`. */
  readonly lastAffected?: string;
}
