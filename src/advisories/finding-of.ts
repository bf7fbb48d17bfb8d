// SPDX-License-Identifier: Apache-2.0
// Makes findings of the advisories that cover one package: one per vulnerability, whatever names its sources give it.

import type { Building } from '../model/building.ts';
import type { AdvisoryMatch, FixState, PackageReference, VulnerabilityFinding } from '../model/finding.ts';
import type { Distribution } from '../model/package.ts';
import { groupByNames, preferredId } from './alias-groups.ts';
import { pathOf } from './dependency-paths.ts';
import { isReachable } from './extended-support.ts';
import type { Hit, PackageHits } from './hits.ts';
import { isVoid } from './hits.ts';
import type { AdvisoryEntry, AdvisoryLookup, VulnerabilityContext } from './lookup.ts';
import type { AffectedVersions } from './ranges.ts';
import { describeMatch, fixAbove, smallestUpgrade } from './ranges.ts';
import type { Rating } from './ratings.ts';
import { cvssRatings, isMalicious, rate, unrated } from './ratings.ts';
import { riskOf } from './risk.ts';
import type { VersionOrder } from './versions/order.ts';

/** A hit as far as it speaks of one vulnerability. */
interface NamedHit {
  readonly hit: Hit;
  /** All names of the vulnerability. */
  readonly names: readonly string[];
}

/** One finding per vulnerability of the package. */
export function findingsOf(found: PackageHits, lookup: AdvisoryLookup): readonly VulnerabilityFinding[] {
  const named = found.hits.flatMap((hit) => namesOf(hit.entry).map((names): NamedHit => ({ hit, names })));
  const reference = referenceOf(found);
  const clearedBy = clearingVersion(found);
  const othersOn = indexOf(() => found.others);
  return groupByNames(named, (item) => item.names).map((group) => {
    const ids = [...new Set(group.flatMap((item) => item.names))];
    const hits = group.map((item) => item.hit);
    const entries = hits.map((hit) => hit.entry);
    // Only what the matching advisories leave unrated is looked for in the others.
    const own = rate(entries);
    const rated = own === undefined ? [...entries, ...othersOn(ids)] : entries;
    const rating = own ?? rate(rated) ?? unrated;
    return findingOf({ ids, hits, rated, rating, reference, clearedBy, distribution: found.seen.distribution }, lookup);
  });
}

/** Advisories that do not cover the version, by the names of the vulnerabilities they speak of; made when first asked for. */
function indexOf(others: () => readonly AdvisoryEntry[]): (ids: readonly string[]) => readonly AdvisoryEntry[] {
  let index: Map<string, AdvisoryEntry[]> | undefined;
  return (ids) => {
    if (index === undefined) {
      index = new Map();
      for (const entry of others()) {
        for (const name of namesOf(entry).flat()) {
          const known = index.get(name);
          if (known === undefined) index.set(name, [entry]);
          else known.push(entry);
        }
      }
    }
    const known = index;
    return [...new Set(ids.flatMap((id) => known.get(id) ?? []))];
  };
}

/**
 * The names of each vulnerability an advisory speaks of. An erratum that repairs several is no name of any of them; one that
 * names none is a vulnerability of its own.
 */
function namesOf({ advisory }: AdvisoryEntry): readonly (readonly string[])[] {
  const fixes = advisory.fixes ?? [];
  return fixes.length > 0 ? fixes.map((id) => [id]) : [[advisory.id, ...advisory.aliases]];
}

interface Vulnerability {
  readonly ids: readonly string[];
  readonly hits: readonly Hit[];
  /** Advisories whose ratings count. */
  readonly rated: readonly AdvisoryEntry[];
  readonly rating: Rating;
  readonly reference: PackageReference;
  readonly clearedBy: string | undefined;
  readonly distribution: Distribution | undefined;
}

function findingOf(vulnerability: Vulnerability, lookup: AdvisoryLookup): VulnerabilityFinding {
  const { ids, hits, rated, rating, reference, clearedBy, distribution } = vulnerability;
  const entries = hits.map((hit) => hit.entry);
  const id = preferredId(ids);
  const cvss = cvssRatings(rated);
  const { epss, knownExploited } = contextOf(ids, lookup);
  const fixes = hits.map(fixOf);
  const fixedVersions = distinctFixes(fixes, hits[0]?.order).filter((fix) => isReachable(fix, distribution));
  const finding: Building<VulnerabilityFinding> = {
    kind: 'vulnerability',
    id,
    aliases: ids.filter((one) => one !== id).sort(),
    package: reference,
    severity: rating.severity,
    severitySource: rating.source,
    cvss,
    risk: riskOf({ severity: rating.severity, cvss, epss, knownExploited, isMalicious: ids.some(isMalicious) }),
    fixState: fixStateOf(hits, fixedVersions),
    fixedVersions,
    cwes: [...new Set(entries.flatMap((entry) => entry.advisory.cwes))].sort(byNumber),
    matches: matchesOf(hits, fixes),
    urls: urlsOf([id, ...entries.map((entry) => entry.advisory.id)]),
  };
  if (epss !== undefined) finding.epss = epss;
  if (knownExploited !== undefined) finding.knownExploited = knownExploited;
  if (clearedBy !== undefined && fixedVersions.length > 0) finding.clearedBy = clearedBy;
  const { published, modified } = datesOf(entries);
  if (published !== undefined) finding.published = published;
  if (modified !== undefined) finding.modified = modified;
  return finding;
}

/** The highest EPSS score and the first known exploitation of all CVEs of the vulnerability. */
function contextOf(
  ids: readonly string[],
  lookup: AdvisoryLookup,
): { readonly [Fact in keyof VulnerabilityContext]-?: VulnerabilityContext[Fact] | undefined } {
  let epss: VulnerabilityContext['epss'];
  let first: VulnerabilityContext['knownExploited'];
  let ransomware = false;
  for (const id of ids) {
    if (!id.startsWith('CVE-')) continue;
    const { epss: score, knownExploited } = lookup.context(id);
    if (score !== undefined && (epss === undefined || score.score > epss.score)) epss = score;
    if (knownExploited === undefined) continue;
    if (first === undefined || knownExploited.added < first.added) first = knownExploited;
    ransomware ||= knownExploited.ransomware;
  }
  return { epss, knownExploited: first === undefined ? undefined : { added: first.added, ransomware } };
}

/** What ends a range is a version that anybody can install only where the advisory knows of a fix. */
function fixOf({ entry, query, order }: Hit): string | undefined {
  if (entry.affected.fixState !== 'fixed') return undefined;
  return fixAbove(entry.affected, query.version, order);
}

/** Smallest first, each once. */
function distinctFixes(all: readonly (string | undefined)[], order: VersionOrder | undefined): readonly string[] {
  const fixes = [...new Set(all)].filter((fix) => fix !== undefined);
  if (order === undefined || fixes.length < 2) return fixes;
  // What is no version of the scheme has no place among the others.
  return fixes.sort((a, b) => Number(order.isValid(b)) - Number(order.isValid(a)) || compareValid(a, b, order));
}

function compareValid(a: string, b: string, order: VersionOrder): number {
  return order.isValid(a) ? order.compare(a, b) : 0;
}

/** A source with a fix wins; else the first that says more than that it does not know. */
function fixStateOf(hits: readonly Hit[], fixes: readonly string[]): FixState {
  if (fixes.length > 0) return 'fixed';
  const states = hits
    .map((hit) => hit.entry.affected.fixState)
    .filter((state) => state !== 'fixed' && state !== 'not-affected');
  return states.find((state) => state !== 'unknown') ?? 'unknown';
}

/** Source and binary package can have different versions; the upgrade is of what was compared first. */
function clearingVersion({ hits, missed }: PackageHits): string | undefined {
  const [first] = hits;
  if (first === undefined) return undefined;
  const { query, order } = first;
  const same = hits.filter((hit) => hit.query.version === query.version && hit.order === order).map((hit) => hit.entry);
  const rest = missed.filter(({ affected }) => affected.ecosystem === query.ecosystem && affected.name === query.name);
  return smallestUpgrade([...same.map(({ affected }) => affected), ...rest.map(obstacleOf)], query.version, order);
}

/** Whether it counts is only looked up when an upgrade would run into it. */
function obstacleOf(entry: AdvisoryEntry): AffectedVersions {
  const { ranges, versions } = entry.affected;
  return {
    ranges,
    versions,
    get isVoid() {
      return isVoid(entry);
    },
  };
}

function referenceOf({ seen }: PackageHits): PackageReference {
  const { item } = seen;
  const sources = (item.sources ?? []).map((source) => source.name).filter((name) => name !== item.name && name !== '');
  return {
    subject: seen.subject,
    name: item.name,
    version: item.version,
    type: item.type,
    ...(item.purl === undefined ? {} : { purl: item.purl }),
    locations: seen.locations,
    scope: seen.scope,
    ...(sources.length === 0 ? {} : { sources: [...new Set(sources)] }),
    path: pathOf(seen),
  };
}

/** Each advisory once, with what was compared. `fixes` has the fix of each hit. */
function matchesOf(hits: readonly Hit[], fixes: readonly (string | undefined)[]): readonly AdvisoryMatch[] {
  const matches = new Map<string, AdvisoryMatch>();
  for (const [index, { entry, query, order, match }] of hits.entries()) {
    const { id, source } = entry.advisory;
    const range = describeMatch(match);
    const note = query.note === undefined ? '' : ` (${query.note})`;
    const fixed = fixes[index];
    const key = `${source}\n${id}\n${range}`;
    if (matches.has(key)) continue;
    const searched = `${query.ecosystem} / ${query.name}${note}`;
    const item: Building<AdvisoryMatch> = { advisory: id, source, searched, order: order.id, range, url: urlOf(id) };
    if (query.via !== undefined) item.via = query.via;
    if (fixed !== undefined) item.fixed = fixed;
    matches.set(key, item);
  }
  return [...matches.values()];
}

/** First published, last modified. */
function datesOf(entries: readonly AdvisoryEntry[]): Readonly<Record<'published' | 'modified', string | undefined>> {
  let published: string | undefined;
  let modified: string | undefined;
  for (const { advisory } of entries) {
    if (advisory.published !== undefined && !(published !== undefined && published <= advisory.published))
      published = advisory.published;
    if (advisory.modified !== undefined && !(modified !== undefined && modified >= advisory.modified))
      modified = advisory.modified;
  }
  return { published, modified };
}

/** `CWE-79` before `CWE-400`. */
function byNumber(a: string, b: string): number {
  return Number(a.replace(/\D+/g, '')) - Number(b.replace(/\D+/g, ''));
}

function urlsOf(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].map(urlOf);
}

/** A page about the advisory; made from its id, since the database keeps no links. */
function urlOf(id: string): string {
  if (id.startsWith('CVE-')) return `https://www.cve.org/CVERecord?id=${encodeURIComponent(id)}`;
  if (id.startsWith('GHSA-')) return `https://github.com/advisories/${encodeURIComponent(id)}`;
  return `https://osv.dev/vulnerability/${encodeURIComponent(id)}`;
}
