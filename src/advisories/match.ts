// SPDX-License-Identifier: Apache-2.0
// From packages to findings: asks the database for each package, keeps what covers its version, folds what several sources say of one
// vulnerability, and says which packages could not be looked up.
import type { VulnerabilityFinding } from '../model/finding.ts';
import type { Package, PackageList } from '../model/package.ts';
import { compareFindings } from '../model/projection.ts';
import { findingsOf } from './finding-of.ts';
import type { Hit, PackageHits } from './hits.ts';
import type { AdvisoryEntry, AdvisoryLookup } from './lookup.ts';
import { matcherOf } from './matchers/index.ts';
import { type AdvisoryQuery, isQueries, type Matcher } from './matchers/matcher.ts';
import { matchRange } from './ranges.ts';
import { collectPackages, type SeenPackage } from './seen-packages.ts';
import { supplierOf } from './suppliers.ts';
import { UncoveredCollector, type UncoveredPackages } from './uncovered.ts';
import { orderOf, orderOfEcosystem } from './versions/index.ts';

export interface MatchInput {
  readonly list: PackageList;
  /** Subject id of a package of the list. */
  subjectOf(item: Package): string;
}

export interface MatchResult {
  /** By risk, then severity, id, package. */
  readonly findings: readonly VulnerabilityFinding[];
  /** What "no finding" does not speak for. */
  readonly uncovered: readonly UncoveredPackages[];
}

/** Matches all packages. The same subject in several lists is one package with all its locations. */
export function matchPackages(inputs: readonly MatchInput[], lookup: AdvisoryLookup): MatchResult {
  const uncovered = new UncoveredCollector(lookup.description.partial ?? []);
  const findings: VulnerabilityFinding[] = [];
  const packages = collectPackages(inputs);
  for (const seen of packages.values()) {
    const found = lookUp(seen, lookup, uncovered);
    if (found.hits.length > 0) findings.push(...findingsOf(found, lookup));
  }
  return { findings: findings.sort(compareFindings), uncovered: uncovered.result(packages.values()) };
}

function lookUp(seen: SeenPackage, lookup: AdvisoryLookup, uncovered: UncoveredCollector): PackageHits {
  const nothing: PackageHits = { seen, hits: [], others: [] };
  const matcher = matcherOf(seen.item.type);
  if (matcher === undefined) {
    uncovered.add('no-ecosystem', seen.item.type, seen);
    return nothing;
  }
  const answer = matcher.queries(seen.item, seen.distribution);
  if (!isQueries(answer)) {
    uncovered.add(answer.reason, answer.reason === 'no-distribution' ? distributionName(seen) : seen.item.type, seen);
    return nothing;
  }
  const queries = answer.map((query) => ofSupplier(query, lookup));
  const covered = queries.filter((query) => lookup.covers(query.ecosystem));
  const asked = queries[0]?.ecosystem ?? seen.item.type;
  if (covered.length === 0) {
    uncovered.add(asked.startsWith('Seal:') ? 'supplier' : 'no-database', asked, seen);
    return nothing;
  }
  uncovered.addPartial(covered[0]?.ecosystem ?? asked, seen);
  return { seen, ...compareAll(covered, { lookup, matcher, item: seen.item }) };
}

function distributionName(seen: SeenPackage): string {
  const { distribution, item } = seen;
  return distribution === undefined ? item.type : `${distribution.name} ${distribution.versionId}`.trim();
}

/** Packages that a supplier patched are looked up with the supplier; where only the version looks so, its feed must know the package. */
function ofSupplier(query: AdvisoryQuery, lookup: AdvisoryLookup): AdvisoryQuery {
  const supplier = supplierOf(query.ecosystem, query.name, query.version);
  if (supplier === undefined) return query;
  const { ecosystem, certainty } = supplier;
  const isTheirs = certainty === 'sure' || (lookup.covers(ecosystem) && lookup.find(ecosystem, query.name).length > 0);
  return isTheirs ? { ...query, ecosystem } : query;
}

function compareAll(
  queries: readonly AdvisoryQuery[],
  { lookup, matcher, item }: { readonly lookup: AdvisoryLookup; readonly matcher: Matcher; readonly item: Package },
): Omit<PackageHits, 'seen'> {
  const hits: Hit[] = [];
  const others: AdvisoryEntry[] = [];
  for (const query of queries) {
    for (const entry of lookup.find(query.ecosystem, query.name)) {
      if (entry.advisory.withdrawn !== undefined || isBugFix(entry.advisory.id)) continue;
      if (matcher.concerns?.(entry.affected, item) === false) continue;
      const order = orderOf(entry.affected.order) ?? orderOfEcosystem(query.ecosystem);
      const match = matchRange(entry.affected, query.version, order);
      if (match === undefined) others.push(entry);
      else hits.push({ entry, query, order, match });
    }
  }
  return { hits, others };
}

/** AlmaLinux ALBA and ALEA, Red Hat RHBA ...: errata that fix bugs or add features, no vulnerability. */
function isBugFix(id: string): boolean {
  return /^(?:AL|RH|RL|RX|EL)[BE]A-/.test(id);
}
