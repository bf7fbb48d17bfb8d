// SPDX-License-Identifier: Apache-2.0
// From packages to findings: asks the database for each package, keeps what covers its version, folds what several sources say of one
// vulnerability, and says which packages could not be looked up.
import type { VulnerabilityFinding } from '../model/finding.ts';
import type { Package, PackageList } from '../model/package.ts';
import { compareFindings } from '../model/projection.ts';
import { isKnownError } from './corrections.ts';
import { isPastSupport } from './end-of-life.ts';
import { follows } from './extended-support.ts';
import { findingsOf } from './finding-of.ts';
import type { Hit, PackageHits } from './hits.ts';
import { isVoid } from './hits.ts';
import type { AdvisoryEntry, AdvisoryLookup } from './lookup.ts';
import { matcherFor } from './matchers/index.ts';
import { type AdvisoryQuery, isQueries, type Matcher } from './matchers/matcher.ts';
import { type ComparedEntry, standingHits } from './overrule.ts';
import { isSecondView, withoutRepaired } from './ownership.ts';
import { matchRange } from './ranges.ts';
import { collectPackages, type SeenPackage } from './seen-packages.ts';
import { isOfRapidFort, rapidFortOf, supplierOf } from './suppliers.ts';
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

export interface MatchOptions {
  /** RFC 3339: tells which distributions are past their support. Absent: nobody is told. */
  readonly now?: string;
}

/** Matches all packages. The same subject in several lists is one package with all its locations. */
export function matchPackages(
  inputs: readonly MatchInput[],
  lookup: AdvisoryLookup,
  options: MatchOptions = {},
): MatchResult {
  const uncovered = new UncoveredCollector(lookup.description.partial ?? []);
  const packages = collectPackages(inputs);
  const owners = ownersIn(packages);
  const curated = inputs.some(({ list }) => list.distribution !== undefined && isCurated(list));
  const found = new Map<string, PackageHits>();
  for (const seen of packages.values()) {
    const own = owners(seen);
    if (own.some((owner) => isSecondView(seen.item, owner.item, owner.distribution))) continue;
    found.set(seen.subject, lookUp(seen, lookup, { uncovered, curated }));
    if (options.now !== undefined && isPastSupport(seen.distribution, options.now))
      uncovered.add('end-of-life', distributionName(seen), seen);
  }
  const findings = [...found.values()].flatMap((hits) => {
    if (hits.hits.length === 0) return [];
    const own = owners(hits.seen).map((owner) => found.get(owner.subject));
    const { type, name } = hits.seen.item;
    return withoutRepaired(
      findingsOf(hits, lookup).filter((finding) => !isKnownError(type, name, [finding.id, ...finding.aliases])),
      own.filter((owner) => owner !== undefined),
    );
  });
  return { findings: findings.sort(compareFindings), uncovered: uncovered.result(packages.values()) };
}

/** The packages that installed a package, by the ids it names. */
function ownersIn(packages: ReadonlyMap<string, SeenPackage>): (seen: SeenPackage) => readonly SeenPackage[] {
  let byId: Map<string, SeenPackage> | undefined;
  return ({ item }) => {
    if (item.ownedBy === undefined || item.ownedBy.length === 0) return none;
    byId ??= new Map([...packages.values()].map((seen) => [seen.item.id, seen]));
    return item.ownedBy.map((id) => byId?.get(id)).filter((owner) => owner !== undefined);
  };
}

/** One package that RapidFort built tells that it keeps the whole image. */
function isCurated(list: PackageList): boolean {
  return follows(list.distribution, 'rapidfort') || list.packages.some((item) => isOfRapidFort(item.version));
}

interface LookingUp {
  readonly uncovered: UncoveredCollector;
  /** The image is kept by RapidFort, whose word on the packages of the system counts more than the distribution's. */
  readonly curated: boolean;
}

function lookUp(seen: SeenPackage, lookup: AdvisoryLookup, { uncovered, curated }: LookingUp): PackageHits {
  const matcher = matcherFor(seen.item);
  if (matcher === undefined) {
    uncovered.add('no-ecosystem', seen.item.type, seen);
    return noHits(seen);
  }
  const answer = matcher.queries(seen.item, seen.distribution);
  if (!isQueries(answer)) {
    uncovered.add(answer.reason, answer.reason === 'no-distribution' ? distributionName(seen) : seen.item.type, seen);
    return noHits(seen);
  }
  const queries = answer.flatMap((query) => ofSupplier(query, lookup));
  const kept = curated && seen.distribution !== undefined ? queries.map((query) => ofCurator(query, lookup)) : queries;
  const covered = withoutDoubles(kept.filter((query) => lookup.covers(query.ecosystem)));
  const asked = queries[0]?.ecosystem ?? seen.item.type;
  if (covered.length === 0) {
    // A database without advisories by CPE or on pods is as good as nobody publishing any: no feed promises them.
    if (asked === 'CPE' || asked === 'CocoaPods') uncovered.add('no-ecosystem', seen.item.type, seen);
    else uncovered.add(asked.startsWith('Seal:') ? 'supplier' : 'no-database', asked, seen);
    return noHits(seen);
  }
  uncovered.addPartial(covered[0]?.ecosystem ?? asked, seen);
  return compareAll(covered, { lookup, matcher, seen });
}

const none: readonly never[] = [];

/** Most packages: nobody has an advisory on them. */
function noHits(seen: SeenPackage): PackageHits {
  return { seen, hits: none, missed: none, others: none, cleared: none };
}

function distributionName(seen: SeenPackage): string {
  const { distribution, item } = seen;
  return distribution === undefined ? item.type : `${distribution.name} ${distribution.versionId}`.trim();
}

/**
 * Packages that a supplier patched are looked up with the supplier; where only the version looks so, its feed must know the package.
 * A supplier that states its own fixes only is asked besides.
 */
function ofSupplier(query: AdvisoryQuery, lookup: AdvisoryLookup): readonly AdvisoryQuery[] {
  const supplier = supplierOf(query.ecosystem, query.name, query.version);
  if (supplier === undefined) return [query];
  const { ecosystem, certainty, original } = supplier;
  if (original !== undefined)
    return [
      { ...query, name: original },
      { ...query, ecosystem, overrules: true },
      ...(original === query.name ? [] : [{ ...query, name: original, ecosystem, overrules: true }]),
    ];
  const isTheirs = certainty === 'sure' || (lookup.covers(ecosystem) && lookup.find(ecosystem, query.name).length > 0);
  return [isTheirs ? { ...query, ecosystem } : query];
}

/** Without RapidFort's feed the distribution's is the best there is. */
function ofCurator(query: AdvisoryQuery, lookup: AdvisoryLookup): AdvisoryQuery {
  const ecosystem = rapidFortOf(query.ecosystem, query.version);
  return lookup.covers(ecosystem) ? { ...query, ecosystem } : query;
}

/** Several streams of a release lead to one list of a supplier. */
function withoutDoubles(queries: readonly AdvisoryQuery[]): readonly AdvisoryQuery[] {
  if (queries.length < 2) return queries;
  const seen = new Set<string>();
  return queries.filter(({ ecosystem, name, version }) => {
    const key = `${ecosystem}\n${name}\n${version}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

function compareAll(
  queries: readonly AdvisoryQuery[],
  { lookup, matcher, seen }: { readonly lookup: AdvisoryLookup; readonly matcher: Matcher; readonly seen: SeenPackage },
): PackageHits {
  const hits: Hit[] = [];
  const misses: ComparedEntry[] = [];
  const cleared: AdvisoryEntry[] = [];
  for (const query of queries) {
    for (const entry of lookup.find(query.ecosystem, query.name)) {
      if (matcher.concerns?.(entry.affected, seen.item, seen.distribution) === false) continue;
      const order = orderOf(entry.affected.order) ?? orderOfEcosystem(query.ecosystem);
      const match = matchRange(entry.affected, query.version, order);
      const isCleared = entry.affected.fixState === 'not-affected';
      if (match === undefined) {
        if (!isCleared) misses.push({ entry, overrules: query.overrules === true });
      } else if (isVoid(entry)) continue;
      else if (isCleared) cleared.push(entry);
      else hits.push({ entry, query, order, match });
    }
  }
  if (hits.length === 0 && misses.length === 0 && cleared.length === 0) return noHits(seen);
  const overruling = misses.filter((miss) => miss.overrules && !isVoid(miss.entry));
  let others: readonly AdvisoryEntry[] | undefined;
  const missed = misses.map((miss) => miss.entry);
  return {
    seen,
    hits: standingHits({ hits, misses: overruling, cleared }),
    missed,
    cleared,
    // Most advisories on most packages do not cover the version; of those, the database reads the facts only when somebody asks.
    get others() {
      others ??= missed.filter((entry) => !isVoid(entry));
      return others;
    },
  };
}
