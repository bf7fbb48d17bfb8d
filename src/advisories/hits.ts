// SPDX-License-Identifier: Apache-2.0
// What the database says about one package, before it is folded into findings.
import type { AdvisoryEntry } from './lookup.ts';
import type { AdvisoryQuery } from './matchers/matcher.ts';
import type { RangeMatch } from './ranges.ts';
import type { SeenPackage } from './seen-packages.ts';
import type { VersionOrder } from './versions/order.ts';

/** One advisory that covers the version of one package. */
export interface Hit {
  readonly entry: AdvisoryEntry;
  readonly query: AdvisoryQuery;
  readonly order: VersionOrder;
  readonly match: RangeMatch;
}

export interface PackageHits {
  readonly seen: SeenPackage;
  readonly hits: readonly Hit[];
  /** What does not cover its version, with what counts for nothing. */
  readonly missed: readonly AdvisoryEntry[];
  /** Of these the advisories that count: they may still rate the same vulnerability. */
  readonly others: readonly AdvisoryEntry[];
  /** Advisories that say the version is free of a vulnerability. */
  readonly cleared: readonly AdvisoryEntry[];
}

/** Whether an advisory counts for nothing: it was withdrawn, or tells of no vulnerability. */
export function isVoid({ advisory }: AdvisoryEntry): boolean {
  return advisory.withdrawn !== undefined || isBugFix(advisory.id);
}

/** AlmaLinux ALBA and ALEA, Red Hat RHBA ...: errata that fix bugs or add features, no vulnerability. */
function isBugFix(id: string): boolean {
  return /^(?:AL|RH|RL|RX|EL)[BE]A-/.test(id);
}
