// SPDX-License-Identifier: Apache-2.0
// Affected ranges: from the events of the OSV schema, whether a version lies in one, in words, and which version gets out of it.
import type { VersionInterval } from '../model/advisory.ts';
import { compareInstalled, type VersionOrder } from './versions/order.ts';

/** One event of an OSV range. `introduced` "0" means before every version, `limit` "*" means no limit. */
export interface RangeEvent {
  readonly kind: 'introduced' | 'fixed' | 'lastAffected' | 'limit';
  readonly version: string;
}

/** What an advisory says about one package: intervals, and versions listed one by one. */
export interface AffectedVersions {
  readonly ranges: readonly VersionInterval[];
  readonly versions: readonly string[];
  /** true when the advisory counts for nothing after all (it was withdrawn). */
  readonly isVoid?: boolean;
}

/** Why a version is affected: the interval it lies in, or the listed version it equals. */
export type RangeMatch = { readonly interval: VersionInterval } | { readonly listed: string };

// At one version a fix comes before a reintroduction, and that before the end of what it introduces.
const eventRanks = { fixed: 0, introduced: 1, lastAffected: 2, limit: 3 } as const;

/**
 * Intervals of one OSV range, ascending (OSV schema, "Evaluation"). Events may come in any order; a range without `introduced`
 * affects everything before its first end, because leaving out the beginning must not hide a finding.
 */
export function intervalsOfEvents(events: readonly RangeEvent[], order: VersionOrder): readonly VersionInterval[] {
  const limit = largestLimit(events, order);
  const sorted = events.filter((event) => event.kind !== 'limit').sort((a, b) => compareEvents(a, b, order));
  const intervals: VersionInterval[] = [];
  let open: { readonly introduced?: string } | undefined = sorted.some((event) => event.kind === 'introduced')
    ? undefined
    : {};
  for (const event of sorted) {
    if (event.kind === 'introduced') open ??= event.version === '0' ? {} : { introduced: event.version };
    else if (open !== undefined) {
      intervals.push({
        ...open,
        ...(event.kind === 'fixed' ? { fixed: event.version } : { lastAffected: event.version }),
      });
      open = undefined;
    }
  }
  if (open !== undefined && sorted.length > 0) intervals.push({ ...open });
  return limit === undefined ? intervals : intervals.flatMap((interval) => cutAt(interval, limit, order));
}

function compareEvents(a: RangeEvent, b: RangeEvent, order: VersionOrder): number {
  const startsA = a.kind === 'introduced' && a.version === '0';
  const startsB = b.kind === 'introduced' && b.version === '0';
  if (startsA || startsB) return Number(startsB) - Number(startsA);
  return order.compare(a.version, b.version) || eventRanks[a.kind] - eventRanks[b.kind];
}

function largestLimit(events: readonly RangeEvent[], order: VersionOrder): string | undefined {
  const limits = events.filter((event) => event.kind === 'limit').map((event) => event.version);
  if (limits.includes('*')) return undefined;
  return limits.sort((a, b) => order.compare(a, b)).at(-1);
}

function cutAt(interval: VersionInterval, limit: string, order: VersionOrder): readonly VersionInterval[] {
  const { introduced, fixed, lastAffected } = interval;
  if (introduced !== undefined && order.compare(introduced, limit) >= 0) return [];
  const end = fixed ?? lastAffected;
  if (end !== undefined && order.compare(end, limit) < 0) return [interval];
  return [{ ...(introduced === undefined ? {} : { introduced }), fixed: limit }];
}

/** Whether the interval contains the installed version. */
export function contains(interval: VersionInterval, version: string, order: VersionOrder): boolean {
  const { introduced, fixed, lastAffected } = interval;
  if (introduced !== undefined && introduced !== '0' && compareInstalled(order, version, introduced) < 0) return false;
  if (fixed !== undefined) return compareInstalled(order, version, fixed) < 0;
  return lastAffected === undefined || compareInstalled(order, version, lastAffected) <= 0;
}

/** The reason why the version is affected; undefined when it is not. */
export function matchRange(affected: AffectedVersions, version: string, order: VersionOrder): RangeMatch | undefined {
  for (const interval of affected.ranges) if (contains(interval, version, order)) return { interval };
  if (affected.versions.includes(version)) return { listed: version };
  // `1.0` and `1.0.0` are one version in most ecosystems. Next to ranges, which compare, the list is taken by the letter (OSV
  // schema, "affected[].versions"): Python advisories list hundreds of versions.
  if (affected.ranges.length > 0) return undefined;
  const listed = affected.versions.find((candidate) => compareInstalled(order, version, candidate) === 0);
  return listed === undefined ? undefined : { listed };
}

/** `>= 4.0.0, < 4.17.21`, `<= 1.2`, `all versions`. */
export function describeInterval(interval: VersionInterval): string {
  const { introduced, fixed, lastAffected } = interval;
  const from = introduced === undefined || introduced === '0' ? '' : `>= ${introduced}`;
  const to = fixed !== undefined ? `< ${fixed}` : lastAffected !== undefined ? `<= ${lastAffected}` : '';
  if (from === '' && to === '') return 'all versions';
  return from === '' || to === '' ? from + to : `${from}, ${to}`;
}

/** The reason in words: the interval, or `listed version 1.2.3`. */
export function describeMatch(match: RangeMatch): string {
  return 'interval' in match ? describeInterval(match.interval) : `listed version ${match.listed}`;
}

/**
 * The smallest version at or above `version` that the advisory does not affect, going from fix to fix; undefined when an
 * interval on the way has no fix. `version` itself when it is not affected.
 */
export function firstUnaffected(affected: AffectedVersions, version: string, order: VersionOrder): string | undefined {
  let current = version;
  // Each step leaves one interval for good, so there are at most as many steps as intervals.
  for (let step = 0; step <= affected.ranges.length; step += 1) {
    const holding = affected.ranges.find((interval) => contains(interval, current, order));
    if (holding === undefined) break;
    if (holding.fixed === undefined || order.compare(holding.fixed, current) <= 0) return undefined;
    current = holding.fixed;
  }
  const isListed = affected.ranges.length === 0 && affected.versions.some((one) => order.compare(one, current) === 0);
  return isListed ? undefined : current;
}

/**
 * The fix on the branch of the installed version: the end of the interval it lies in. Where that has none (a listed version, a
 * last affected version), the smallest fix above the version that is not affected itself. Undefined when none is known. Only
 * for versions that are affected.
 */
export function fixAbove(affected: AffectedVersions, version: string, order: VersionOrder): string | undefined {
  const own = firstUnaffected(affected, version, order);
  if (own !== undefined && own !== version) return own;
  const above = affected.ranges
    .map((interval) => interval.fixed)
    .filter((fixed) => fixed !== undefined)
    .filter((fixed) => order.compare(fixed, version) > 0 && matchRange(affected, fixed, order) === undefined);
  return above.sort((a, b) => order.compare(a, b))[0];
}

/**
 * The smallest version above the installed one that is affected neither by the advisories that affect the installed one nor, as far
 * as they have a fix, by the others on the package. Advisories that affect the installed version and have no fix are left out,
 * since no upgrade clears them. Undefined when none has a fix.
 */
export function smallestUpgrade(
  all: readonly AffectedVersions[],
  version: string,
  order: VersionOrder,
): string | undefined {
  const relevant = all.filter(
    (affected) =>
      matchRange(affected, version, order) === undefined || fixAbove(affected, version, order) !== undefined,
  );
  let current = version;
  // Every round moves to a later fix, or ends: there are at most as many rounds as intervals to leave.
  for (let round = 0; round <= relevant.length; round += 1) {
    let next = current;
    for (const affected of relevant) {
      if (matchRange(affected, next, order) === undefined || affected.isVoid === true) continue;
      const fix = fixAbove(affected, next, order);
      if (fix !== undefined && order.compare(fix, next) > 0) next = fix;
    }
    if (next === current) break;
    current = next;
  }
  return current === version ? undefined : current;
}

/** An advisory that states constraints in words instead of intervals. */
export interface ConstraintAdvisory {
  readonly vulnerable?: readonly string[];
  readonly patched?: readonly string[];
  readonly unaffected?: readonly string[];
}

/**
 * Whether constraints in words cover the version: in `vulnerable` (when stated) and not in `patched` or `unaffected`. An empty
 * text among them means that the feed lost the range, so the version counts as affected; what cannot be read covers nothing
 * (both match Trivy because its tables state so).
 */
export function affectedByConstraints(advisory: ConstraintAdvisory, version: string, order: VersionOrder): boolean {
  const vulnerable = advisory.vulnerable ?? [];
  const patched = advisory.patched ?? [];
  if ([...vulnerable, ...patched].includes('')) return true;
  if (vulnerable.length > 0 && order.affects(version, vulnerable.join(' || ')) !== true) return false;
  const secure = [...patched, ...(advisory.unaffected ?? [])];
  if (secure.length === 0) return vulnerable.length > 0;
  return order.affects(version, secure.join(' || ')) === false;
}
