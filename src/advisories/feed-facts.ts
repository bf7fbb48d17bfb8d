// SPDX-License-Identifier: Apache-2.0
// Facts that every feed states in its own spelling, brought into the form of the model: dates, ids, ratings, weaknesses, packages.
import type { AdvisorySeverity, AffectedPackage, VersionInterval } from '../model/advisory.ts';
import { defaultLimits } from '../model/limits.ts';
import { parseSeverity, severityOfScore } from '../model/severity.ts';
import { releasesOf } from './distributions.ts';
import { normaliseName } from './names.ts';
import { fuzzy } from './versions/fuzzy.ts';
import { orderOfEcosystem } from './versions/index.ts';
import type { VersionOrder } from './versions/order.ts';

/**
 * `2024-03-18T12:38:25Z` from any RFC 3339 date or date and time; undefined for anything else and for dates before 1990
 * (records of Go say 0001-01-01 where they mean "unknown").
 */
export function dateTimeOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.\d{1,12})?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    value.trim(),
  );
  if (match === null) return undefined;
  const [, day = '', time = '00:00:00', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || milliseconds < Date.UTC(1990)) return undefined;
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Ids that mean something to others, without the advisory's own, sorted and once each. */
export function otherIds(id: string, ids: readonly unknown[]): readonly string[] {
  const names = ids.filter((item): item is string => typeof item === 'string' && isIdentifier(item) && item !== id);
  return [...new Set(names)].sort();
}

/** true for the shape of an advisory id; keeps prose, placeholders (`CVE-XXXX-XXXX`) and markup out. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9._:+/@-]{2,120}$/.test(text) && /\d/.test(text);
}

/** `CVE-2019-1234` from `2019-1234`, `CVE-2019-1234` or `cve-2019-1234`; undefined when it is no CVE number. */
export function cveOf(value: unknown): string | undefined {
  const digits = typeof value === 'string' ? /^(?:CVE-)?(\d{4}-\d{4,9})$/i.exec(value.trim())?.[1] : undefined;
  return digits === undefined ? undefined : `CVE-${digits}`;
}

/**
 * One vulnerability with all its names, or an erratum that repairs several: with more than one CVE the names cannot be aliases of
 * each other, because a finding for one would be folded into the other.
 */
export function aliasesOrFixes(
  id: string,
  ids: readonly unknown[],
): { readonly aliases: readonly string[]; readonly fixes?: readonly string[] } {
  const names = otherIds(id, ids);
  const cves = names.filter((name) => name.startsWith('CVE-'));
  if (cves.length < 2) return { aliases: names };
  return { aliases: [], fixes: cves };
}

/** A rating from a CVSS vector of any version; undefined when the text is none. */
export function severityOfVector(value: unknown, source: string): AdvisorySeverity | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const vector = /^\d\.\d\/AV:/.test(text) ? `CVSS:${text}` : text.replace(/^\((.*)\)$/, '$1');
  if (!/^[A-Za-z0-9:./]{10,400}$/.test(vector)) return undefined;
  if (/^CVSS:3\.[01]\/AV:/.test(vector)) return { source, type: 'cvss3', value: vector };
  if (/^CVSS:4\.\d\/AV:/.test(vector)) return { source, type: 'cvss4', value: vector };
  if (/^(?:CVSS:2\.0\/)?AV:[LAN]\/AC:[HML]\/Au:/.test(vector)) {
    return { source, type: 'cvss2', value: vector.replace('CVSS:2.0/', '') };
  }
  return undefined;
}

/** A rating from a CVSS base score without its vector, as the word for it. */
export function severityOfNumber(value: unknown, source: string): AdvisorySeverity | undefined {
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof score !== 'number' || !(score >= 0 && score <= 10)) return undefined;
  return { source, type: 'word', value: severityOfScore(score) };
}

/** A rating from a word that some vendor uses for a severity; undefined for others and for "unknown". */
export function severityOfWord(value: unknown, source: string): AdvisorySeverity | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.trim();
  const known = parseSeverity(word);
  return known === undefined || known === 'unknown' ? undefined : { source, type: 'word', value: word };
}

/** Ratings without the missing ones, once each, in the order given. */
export function severitiesOf(ratings: readonly (AdvisorySeverity | undefined)[]): readonly AdvisorySeverity[] {
  const seen = new Map<string, AdvisorySeverity>();
  for (const rating of ratings)
    if (rating !== undefined) seen.set(`${rating.source} ${rating.type} ${rating.value}`, rating);
  return [...seen.values()];
}

/** `CWE-79` from numbers and texts that begin so, sorted and once each. */
export function cwesOf(values: readonly unknown[]): readonly string[] {
  const numbers = new Set<number>();
  for (const value of values) {
    const digits = /^(?:CWE-)?([1-9]\d{0,5})(?!\d)/i.exec(String(value))?.[1];
    if (digits !== undefined) numbers.add(Number(digits));
  }
  return [...numbers].sort((a, b) => a - b).map((number) => `CWE-${number}`);
}

/** Ecosystems whose suffix is a release of a distribution and so belongs to the key; elsewhere it names a repository and is dropped. */
const languageEcosystems: ReadonlySet<string> = new Set([
  'npm',
  'PyPI',
  'Maven',
  'NuGet',
  'RubyGems',
  'Ruby',
  'crates.io',
  'Go',
  'Packagist',
  'Pub',
  'Hex',
  'CRAN',
  'Bioconductor',
  'Hackage',
  'SwiftURL',
  'ConanCenter',
  'GitHub Actions',
  'Julia',
  'opam',
  'Bitnami',
  'GHC',
  'VSCode',
  'CPE',
  'OSS-Fuzz',
]);

/** Other spellings of OSV ecosystems that feeds and users write: names of tools, languages, and types of packages. */
const spellings: Readonly<Record<string, string>> = {
  'GitHub Actions': 'actions github github-action github-actions',
  'crates.io': 'cargo rust rust-crate',
  CRAN: 'cran r r-package',
  Go: 'go go-module golang',
  Hex: 'elixir erlang hex',
  Maven: 'java java-archive maven',
  NuGet: 'dotnet nuget',
  Packagist: 'composer packagist php php-composer',
  Pub: 'dart dart-pub pub',
  PyPI: 'pip pypi python',
  RubyGems: 'gem ruby rubygems',
  SwiftURL: 'swift swifturl',
  npm: 'javascript node npm',
};

const ecosystemSpellings: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([ecosystem, words]) => words.split(' ').map((word) => [word, ecosystem] as const)),
);

/** Key of a shard: the OSV name with its release for distributions, without repository for languages. */
export function ecosystemKey(ecosystem: string): string {
  const base = ecosystem.split(':')[0] ?? ecosystem;
  // A supplier's rebuilds of packages of another ecosystem; it leaves out what the names of releases have in OSV.
  if (base === 'Root') return `Root:${originalKey(ecosystem.slice(5))}`;
  if (languageEcosystems.has(base)) return base;
  return ecosystemSpellings.get(base.toLowerCase()) ?? ecosystem;
}

function originalKey(ecosystem: string): string {
  const [name = '', release = ''] = ecosystem.split(':');
  const known = release === '' ? [] : releasesOf({ id: name, idLike: [], versionId: release, name });
  return known[0] ?? ecosystemKey(ecosystem);
}

/** true for operating system distributions, whose advisories are errata. */
export function isDistribution(ecosystem: string): boolean {
  const base = ecosystem.split(':')[0] ?? ecosystem;
  return !languageEcosystems.has(base) && !base.startsWith('Seal') && base !== 'kubernetes';
}

export interface AffectedParts {
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly VersionInterval[];
  readonly versions?: readonly string[];
  /** Id of a version order, for what is no OSV ecosystem. */
  readonly order?: string;
  /** Said by the feed; else it follows from the ranges. */
  readonly fixState?: AffectedPackage['fixState'];
  readonly severity?: string;
  readonly modularity?: string;
  readonly architectures?: readonly string[];
  readonly importPaths?: readonly string[];
  readonly cpes?: readonly string[];
  readonly platforms?: readonly string[];
}

/** The ecosystem's order, or one that makes sense of most versions where the ecosystem is not known. */
export function orderOrFuzzy(ecosystem: string): VersionOrder {
  return orderOfEcosystem(ecosystem) ?? fuzzy;
}

/** The statement on one package, with name and order as the ecosystem has them; undefined when nothing is left to compare. */
export function affectedPackage(parts: AffectedParts): AffectedPackage | undefined {
  const ecosystem = ecosystemKey(parts.ecosystem);
  const name = normaliseName(ecosystem, parts.name);
  const versions = (parts.versions ?? []).filter((version) => isVersionText(version));
  if (name === '' || ecosystem === '' || (parts.ranges.length === 0 && versions.length === 0)) return undefined;
  return {
    ecosystem,
    name,
    order: parts.order ?? orderOrFuzzy(ecosystem).id,
    ranges: parts.ranges,
    versions: [...new Set(versions)].sort(),
    fixState: parts.fixState ?? fixStateOf(parts.ranges),
    ...(parts.severity === undefined ? {} : { severity: parts.severity }),
    ...(parts.modularity === undefined ? {} : { modularity: parts.modularity }),
    ...some('architectures', parts.architectures),
    ...some('importPaths', parts.importPaths),
    ...some('cpes', parts.cpes),
    ...some('platforms', parts.platforms),
  };
}

/** A list that says something, or nothing. */
function some<K extends string>(
  key: K,
  list: readonly string[] | undefined,
): { readonly [P in K]?: readonly string[] } {
  return list === undefined || list.length === 0 ? {} : ({ [key]: list } as { readonly [P in K]: readonly string[] });
}

/** A text that can stand for a version at all. */
export function isVersionText(text: string): boolean {
  return text !== '' && text.length <= defaultLimits.versionLength;
}

/** Fixed when a fixed version is named; a last affected version alone leaves open whether a fix came after it. */
function fixStateOf(ranges: readonly VersionInterval[]): AffectedPackage['fixState'] {
  if (ranges.some((range) => range.fixed !== undefined)) return 'fixed';
  return ranges.some((range) => range.lastAffected !== undefined) || ranges.length === 0 ? 'unknown' : 'not-fixed';
}
