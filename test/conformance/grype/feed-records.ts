// SPDX-License-Identifier: Apache-2.0
// How records read by our feeds are held against what Grype's database keeps of them. Ranges are compared by the versions they hold, not by
// their words; descriptions, links and the days on which fixes came out are not kept.
import { releasesOf } from '../../../src/advisories/distributions.ts';
import { extendedReleases } from '../../../src/advisories/extended-support.ts';
import { type Feed, FeedOutput } from '../../../src/advisories/feed.ts';
import { dateTimeOf, ecosystemKey } from '../../../src/advisories/feed-facts.ts';
import { recordsOf } from '../../../src/advisories/feed-files.ts';
import { normaliseName } from '../../../src/advisories/names.ts';
import { contains } from '../../../src/advisories/ranges.ts';
import { orderOf } from '../../../src/advisories/versions/index.ts';
import type { VersionOrder } from '../../../src/advisories/versions/order.ts';
import { type Cpe, formatCpe } from '../../../src/formats/cpe.ts';
import type { Advisory, AffectedPackage } from '../../../src/model/advisory.ts';
import { defaultLimits } from '../../../src/model/limits.ts';
import { type CaseResult, expectEqual } from '../pack.ts';
import { type Context, callOf, fields, inputText, list, plain, type Row, text, texts, timeOf } from './rows.ts';
import { distributionId, ecosystemOfType, fixStateOf } from './vocabulary.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function readValues(feed: Feed, values: readonly unknown[]): FeedOutput {
  const output = new FeedOutput();
  for (const value of values) feed.read({ path: 'record.json', value }, output);
  return output;
}

export function readInputs(feed: Feed, row: Row, context: Context): FeedOutput {
  const output = new FeedOutput();
  const reading = { limits: defaultLimits, onProblem: output.problem.bind(output) };
  for (const path of texts(row['inputs'])) {
    for (const record of recordsOf({ path, bytes: Buffer.from(inputText(context, path)) }, reading))
      feed.read(record, output);
  }
  return output;
}

/** A range as Grype's database keeps it. */
export interface Range {
  readonly constraint: string;
  readonly format: string;
  readonly state: string;
  readonly fix: string;
}

export function rangesIn(blob: Fields): readonly Range[] {
  return list(blob['Ranges']).map((item) => {
    const version = fields(fields(item)['Version']);
    const fix = fields(fields(item)['Fix']);
    return {
      constraint: text(version['Constraint']),
      format: text(version['Type']),
      state: fixStateOf(fix['State']),
      fix: text(fix['Version']),
    };
  });
}

/** Versions at, just above and below all bounds that either side names. */
function probes(ranges: readonly Range[], affected: AffectedPackage): readonly string[] {
  const words = ranges.flatMap((range) => range.constraint.split(/[\s,|<>=]+/));
  const own = affected.ranges.flatMap((range) => [range.introduced, range.fixed, range.lastAffected]);
  const bounds = [...words, ...own, ...affected.versions].filter(
    (word): word is string => word !== undefined && word !== '',
  );
  return [...new Set(['0', '99999', ...bounds.flatMap((bound) => [bound, `${bound}.1`])])];
}

function holdsVersion(affected: AffectedPackage, version: string, order: VersionOrder): boolean {
  return affected.ranges.some((range) => contains(range, version, order)) || affected.versions.includes(version);
}

/** The versions on which the two disagree. `turned`: the row states what is not affected. */
export function disagreements(ranges: readonly Range[], affected: AffectedPackage, turned = false): readonly string[] {
  const order = orderOf(affected.order);
  if (order === undefined) return ['no order'];
  return probes(ranges, affected).filter((version) => {
    const wanted = ranges.length === 0 || ranges.some((range) => order.affects(version, range.constraint) === true);
    return holdsVersion(affected, version, order) === (turned ? wanted : !wanted);
  });
}

function fixesOf(ranges: readonly Range[]): readonly string[] {
  return [
    ...new Set(ranges.filter((range) => range.state === 'fixed' && range.fix !== '').map((range) => range.fix)),
  ].sort();
}

export function ownFixes(affected: AffectedPackage): readonly string[] {
  if (affected.fixState !== 'fixed') return [];
  return [...new Set(affected.ranges.map((range) => range.fixed).filter((fix) => fix !== undefined))].sort();
}

/** Grype's operating system as an OSV ecosystem. */
function ecosystemOfSystem(value: unknown): string {
  const call = callOf(value);
  if (call !== undefined) return call.name.replace(/OS$/, '').replace(/^./, (first) => first.toUpperCase());
  const given = fields(value);
  const id = distributionId(given['ReleaseID'] ?? given['Name']);
  const versionId = [given['MajorVersion'], given['MinorVersion']]
    .map(text)
    .filter((part) => part !== '')
    .join('.');
  const channel = text(given['Channel']);
  const system = { id, idLike: [], versionId, name: id, ...(channel === '' ? {} : { channels: [channel] }) };
  const releases = releasesOf(system);
  return extendedReleases(system, releases)[0] ?? releases[0] ?? '';
}

interface Entry {
  readonly key: string;
  readonly ranges: readonly Range[];
}

export function entriesIn(related: unknown): readonly Fields[] {
  return (callOf(related)?.args ?? list(related)).map(fields);
}

/** What an entry is about: ecosystem, name, module, architecture; or a product in CPE with its platforms. */
export function entryOf(given: Fields): Entry | undefined {
  const blob = fields(given['BlobValue']);
  const qualifiers = fields(plain(blob['Qualifiers']));
  const ranges = rangesIn(blob);
  if (given['CPE'] !== undefined) {
    const platforms = texts(qualifiers['PlatformCPEs']).toSorted();
    return { key: JSON.stringify([formatCpe(cpeOf(fields(given['CPE']))), platforms]), ranges };
  }
  const owner = fields(given['Package']);
  if (owner['Name'] === undefined) return undefined;
  const ecosystem =
    given['OperatingSystem'] === undefined
      ? ecosystemKey(ecosystemOfType(owner['Ecosystem']))
      : ecosystemOfSystem(given['OperatingSystem']);
  const key = [
    ecosystem,
    normaliseName(ecosystem, text(owner['Name'])),
    text(qualifiers['RpmModularity']),
    text(qualifiers['Architecture']),
  ];
  return { key: JSON.stringify(key), ranges };
}

export function cpeOf(given: Fields): Cpe {
  const names = {
    Part: 'part',
    Vendor: 'vendor',
    Product: 'product',
    Edition: 'edition',
    Language: 'language',
    SoftwareEdition: 'softwareEdition',
    TargetSoftware: 'targetSoftware',
    TargetHardware: 'targetHardware',
    Other: 'other',
  } as const;
  const parts = Object.entries(names).map(([key, part]) => [part, text(given[key])] as const);
  return Object.fromEntries(parts.filter(([, value]) => value !== ''));
}

export function keyOf(affected: AffectedPackage): string {
  if (affected.ecosystem === 'CPE') return JSON.stringify([affected.cpes?.[0], affected.platforms ?? []]);
  return JSON.stringify([
    affected.ecosystem,
    affected.name,
    affected.modularity ?? '',
    affected.architectures?.[0] ?? '',
  ]);
}

/** Statements on one thing as one. */
export function merged(affected: readonly AffectedPackage[]): ReadonlyMap<string, AffectedPackage> {
  return new Map(
    [...Map.groupBy(affected, keyOf)].map(([key, all]) => [
      key,
      { ...(all[0] as AffectedPackage), ranges: all.flatMap((one) => one.ranges) },
    ]),
  );
}

export function compareEntries(related: unknown, affected: readonly AffectedPackage[], turned = false): unknown[] {
  const wanted = Map.groupBy(
    entriesIn(related)
      .map(entryOf)
      .filter((one) => one !== undefined),
    (one) => one.key,
  );
  const own = merged(affected);
  const differences: unknown[] = [];
  for (const key of new Set([...wanted.keys(), ...own.keys()])) {
    const entries = wanted.get(key);
    const item = own.get(key);
    if (entries === undefined || item === undefined) {
      differences.push({ key, only: entries === undefined ? 'ours' : 'expected' });
      continue;
    }
    const ranges = entries.flatMap((entry) => entry.ranges);
    const versions = disagreements(ranges, item, turned);
    if (versions.length > 0) differences.push({ key, ranges, own: item.ranges, versions });
    if (JSON.stringify(fixesOf(ranges)) !== JSON.stringify(ownFixes(item)))
      differences.push({ key, fixes: fixesOf(ranges), own: ownFixes(item) });
  }
  return differences;
}

/** Names, ratings and dates of a `VulnerabilityHandle`. */
export function handleOf(given: Fields): unknown {
  const blob = fields(given['BlobValue']);
  const severities = list(blob['Severities']).map((item) => {
    const value = fields(item)['Value'];
    return typeof value === 'string' ? value.toLowerCase() : text(fields(value)['Vector']);
  });
  return {
    id: text(given['Name']),
    names: texts(blob['Aliases']).toSorted(),
    severities: severities.filter((one) => one !== '' && one !== 'unknown').toSorted(),
    published: dateOf(given['PublishedDate']),
    modified: dateOf(given['ModifiedDate']),
    isWithdrawn: given['Status'] === 'rejected',
  };
}

export function dateOf(value: unknown): string | undefined {
  const call = callOf(value);
  if (call?.name === 'ParseTime') return dateTimeOf(call.args[0]);
  return timeOf(value);
}

/** Grype's word for a vendor's. */
const words: Readonly<Record<string, string>> = { important: 'high', moderate: 'medium' };

export function ownHandle(advisory: Advisory): unknown {
  const severities = advisory.severities.map((one) =>
    one.type === 'word' ? (words[one.value.toLowerCase()] ?? one.value.toLowerCase()) : one.value,
  );
  return {
    id: advisory.id,
    names: [...advisory.aliases, ...(advisory.fixes ?? [])].toSorted(),
    severities: severities.toSorted(),
    published: advisory.published,
    modified: advisory.modified,
    isWithdrawn: advisory.withdrawn !== undefined,
  };
}

/** Records of OSV can carry a word beside their vectors, which Grype leaves out of its database. */
function withStatedRatings(advisory: Advisory, handle: Fields): Advisory {
  const stated = list(fields(handle['BlobValue'])['Severities']).map((item) => fields(item)['Value']);
  if (stated.some((value) => typeof value === 'string')) return advisory;
  return { ...advisory, severities: advisory.severities.filter((one) => one.type !== 'word') };
}

interface Options {
  readonly turned?: boolean;
}

export function transformRow(feed: Feed, row: Row, context: Context, options: Options = {}): CaseResult {
  const own = [...readInputs(feed, row, context).advisories];
  const want = list(row['want']).map(fields);
  const differences = want.flatMap((entry) => {
    const handle = fields(entry['VulnerabilityHandle']);
    const advisory = own.find((one) => one.id === text(handle['Name']));
    if (advisory === undefined)
      return entriesIn(entry['Related']).some((one) => entryOf(one) !== undefined) ? [{ missing: handle['Name'] }] : [];
    const handles = [JSON.stringify(handleOf(handle)), JSON.stringify(ownHandle(withStatedRatings(advisory, handle)))];
    return [
      ...(handles[0] === handles[1] ? [] : [{ expected: handles[0], actual: handles[1] }]),
      ...compareEntries(entry['Related'], advisory.affected, options.turned),
    ];
  });
  const unknown = own
    .filter((one) => !want.some((entry) => fields(entry['VulnerabilityHandle'])['Name'] === one.id))
    .map((one) => one.id);
  return expectEqual([[], []], [differences, unknown]);
}

export function compareRanges(
  expected: readonly Range[],
  affected: AffectedPackage | undefined,
  turned = false,
): CaseResult {
  if (affected === undefined) return expectEqual(expected, 'nothing');
  return expectEqual([[], fixesOf(expected)], [disagreements(expected, affected, turned), ownFixes(affected)]);
}
