// SPDX-License-Identifier: Apache-2.0
// Why a vulnerability does not concern a package although an advisory names it: the other half of an explanation.
import type { Distribution, Package } from '../model/package.ts';
import type { AdvisoryLookup } from './lookup.ts';
import { matcherFor } from './matchers/index.ts';
import { isQueries } from './matchers/matcher.ts';
import { describeInterval, matchRange } from './ranges.ts';
import { orderOf, orderOfEcosystem } from './versions/index.ts';

export interface NearMiss {
  readonly advisory: string;
  readonly source: string;
  readonly ecosystem: string;
  /** Affected ranges in words, joined. */
  readonly range: string;
  readonly withdrawn?: string;
}

/** Advisories that carry the id (as their own or as an alias) and name this package, but whose ranges do not contain its version. */
export function nearMisses(
  item: Package,
  id: string,
  { lookup, distribution }: { readonly lookup: AdvisoryLookup; readonly distribution: Distribution | undefined },
): readonly NearMiss[] {
  const queries = matcherFor(item)?.queries(item, distribution);
  if (queries === undefined || !isQueries(queries)) return [];
  const wanted = id.toUpperCase();
  return queries.flatMap((query) =>
    lookup
      .find(query.ecosystem, query.name)
      .filter(({ advisory }) => [advisory.id, ...advisory.aliases].some((name) => name.toUpperCase() === wanted))
      .filter(({ advisory, affected }) => {
        const order = orderOf(affected.order) ?? orderOfEcosystem(query.ecosystem);
        return advisory.withdrawn !== undefined || matchRange(affected, query.version, order) === undefined;
      })
      .map(({ advisory, affected }) => ({
        advisory: advisory.id,
        source: advisory.source,
        ecosystem: query.ecosystem,
        range:
          affected.ranges.map(describeInterval).join(' or ') || `one of ${affected.versions.length} listed versions`,
        ...(advisory.withdrawn === undefined ? {} : { withdrawn: advisory.withdrawn }),
      })),
  );
}
