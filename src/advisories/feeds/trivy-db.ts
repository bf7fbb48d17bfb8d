// SPDX-License-Identifier: Apache-2.0
// The records of Trivy's own database (`trivy.db`): what all distributions and registries of advisories say of one package.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { Advisory, AdvisorySeverity, AffectedPackage, VersionInterval } from '../../model/advisory.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, dateTimeOf, orderOrFuzzy } from '../feed-facts.ts';
import type { IntervalSet } from '../interval-set.ts';
import { differenceOf, endAtFixes, everyVersion, intervalsOfSet, setOfAlternatives, unionOf } from '../interval-set.ts';
import { ecosystemOfBucket, ecosystemOfCpe, sourceOfTrivy } from '../trivy-buckets.ts';
import type { TrivyRecord } from '../trivy-records.ts';
import { parseConstraint } from '../version-text/constraint.ts';
import { parseIntervals } from '../version-text/interval-notation.ts';
import type { VersionOrder } from '../versions/order.ts';

export const trivyDb = defineFeed({
  id: 'trivy-db',
  title: 'Vulnerability database of Trivy, Bolt file',
  recognises: ({ value }) => recordOf(value) !== undefined,
  read: readRecord,
});

/** Source of a bucket that the database's table of sources leaves out. */
const ownSource = 'trivy-db';

/** Source of a rating whose vendor the database does not keep. */
const unnamed = 'unnamed';

const severityWords = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

/** Numbers that the database gives to states. */
const states: Readonly<Record<number, AffectedPackage['fixState']>> = {
  1: 'not-affected',
  2: 'not-fixed',
  4: 'unknown',
  5: 'will-not-fix',
  6: 'fix-deferred',
  7: 'end-of-life',
};

interface Place {
  readonly record: TrivyRecord;
  readonly id: string;
  readonly path: string;
  readonly output: FeedOutput;
}

function recordOf(value: unknown): TrivyRecord | undefined {
  const object = asObject(value);
  const isRecord =
    typeof object?.['trivyBucket'] === 'string' &&
    typeof object['package'] === 'string' &&
    typeof object['detailsOf'] === 'function' &&
    typeof object['productOf'] === 'function' &&
    asObject(object['advisories']) !== undefined;
  return isRecord ? (value as TrivyRecord) : undefined;
}

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = recordOf(value);
  if (record === undefined) {
    output.malformed(path, "not a record of Trivy's database");
    return;
  }
  const advisories = Object.entries(record.advisories).flatMap(([key, entry]) => {
    const place = { record, id: key.trim(), path: `${path}/${key}`, output };
    // Nothing at all stands for an advisory whose members have their defaults: affected, without a fix.
    const object = asObject(entry ?? {});
    const wrong = object === undefined ? 'no object' : wrongMember(object);
    if (object !== undefined && wrong === undefined) return advisoriesOf(place, object);
    output.malformed(place.path, `an advisory that cannot be read: ${wrong}`);
    return [];
  });
  for (const advisory of withoutRepaired(advisories)) if (advisory.affected.length > 0) output.combineByFix(advisory);
}

/** Types of the members that say what is affected: an advisory in which one is wrong must not be read as "nothing". */
const texts = ['FixedVersion', 'AffectedVersion'];
const lists = ['VulnerableVersions', 'PatchedVersions', 'Entries', 'Arches', 'VendorIDs', 'Affected', 'Cves'];

/** Name and type of a member that should have another type; undefined when all are right. */
function wrongMember(value: JsonObject): string | undefined {
  const wrong = (name: string, isRight: (member: unknown) => boolean): boolean =>
    value[name] !== undefined && value[name] !== null && !isRight(value[name]);
  const text = texts.find((name) => wrong(name, (member) => typeof member === 'string'));
  if (text !== undefined) return `${text} is no text`;
  const list = lists.find((name) => wrong(name, Array.isArray));
  if (list !== undefined) return `${list} is no list`;
  for (const entry of asArray(value['Entries'])) {
    const inner = asObject(entry);
    const found = inner === undefined ? 'an entry is no object' : wrongMember(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Red Hat's notes that nothing is fixed stay behind in the database when an erratum comes: the erratum is right. */
function withoutRepaired(advisories: readonly Advisory[]): readonly Advisory[] {
  const repaired = new Set<string>();
  for (const { fixes = [], affected } of advisories)
    for (const id of fixes) for (const { ecosystem, name } of affected) repaired.add(`${ecosystem}\n${name}\n${id}`);
  if (repaired.size === 0) return advisories;
  return advisories.map((advisory) => ({
    ...advisory,
    affected: advisory.affected.filter(
      ({ ecosystem, name, fixState }) => fixState === 'fixed' || !repaired.has(`${ecosystem}\n${name}\n${advisory.id}`),
    ),
  }));
}

/** One advisory per vulnerability that the entry speaks of: Red Hat's errata rate each on its own. */
function advisoriesOf(place: Place, value: JsonObject): Advisory[] {
  const entries = asArray(value['Entries']).map((item) => asObject(item) ?? {});
  if (entries.length === 0)
    return advisoryOf(place, { id: place.id, parts: [value], others: asStrings(value['VendorIDs']) });
  const cves = new Map<string, JsonObject[]>();
  for (const entry of entries) {
    const named = asArray(entry['Cves']).map((item) => asObject(item) ?? {});
    for (const cve of named.length === 0 ? [{}] : named) {
      const id = asString(cve['ID']) ?? place.id;
      const part = { ...entry, Severity: cve['Severity'] ?? entry['Severity'] };
      cves.set(id, [...(cves.get(id) ?? []), part]);
    }
  }
  const erratum = cves.size > 1 || !cves.has(place.id) ? place.id : undefined;
  return [...cves].flatMap(([id, parts]) => advisoryOf(place, { id, parts, erratum, others: [] }));
}

interface Spoken {
  readonly id: string;
  readonly parts: readonly JsonObject[];
  readonly others: readonly string[];
  readonly erratum?: string | undefined;
}

function advisoryOf(place: Place, { id, parts, others, erratum }: Spoken): Advisory[] {
  const affected = parts.flatMap((part) => affectedOf(place, part));
  if (affected.length === 0) return [];
  const details = asObject(place.record.detailsOf(id)) ?? {};
  const published = dateTimeOf(details['PublishedDate']);
  const modified = dateTimeOf(details['LastModifiedDate']);
  const advisory = {
    id: erratum ?? id,
    aliases: erratum === undefined ? others : [],
    source: sourceOf(place.record),
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    severities: [...severitiesOfOriginal(place.record, parts), ...severitiesOf(details)],
    cwes: asStrings(details['CweIDs']),
    affected,
  };
  return [erratum === undefined ? advisory : { ...advisory, fixes: [id] }];
}

/** Where the table of sources does not know the bucket, nobody's rating counts as the vendor's. */
function sourceOf({ trivyBucket, dataSource }: TrivyRecord): string {
  const known = asString(asObject(dataSource)?.['ID']) ?? '';
  if (known !== '') return sourceOfTrivy(known);
  return trivyBucket === 'Red Hat' ? 'redhat' : ownSource;
}

/** Source of the distribution whose packages a supplier patched; the table of sources names it. */
function originalOf({ dataSource }: TrivyRecord): string | undefined {
  const base = asString(asObject(dataSource)?.['BaseID']) ?? '';
  return base === '' ? undefined : sourceOfTrivy(base);
}

/** In the record of a patched package stands how its distribution rates the original: the word is not the supplier's. */
function severitiesOfOriginal(record: TrivyRecord, parts: readonly JsonObject[]): AdvisorySeverity[] {
  const source = originalOf(record);
  const value = parts.map((part) => severityWords[Number(part['Severity'] ?? 0)]).find((word) => word !== 'UNKNOWN');
  return source === undefined || value === undefined ? [] : [{ source, type: 'word', value }];
}

function severitiesOf(details: JsonObject): AdvisorySeverity[] {
  const rated: AdvisorySeverity[] = [];
  const word = asString(details['Severity']);
  if (word !== undefined) rated.push({ source: unnamed, type: 'word', value: word });
  for (const [vendor, value] of Object.entries(asObject(details['VendorSeverity']) ?? {}))
    rated.push({ source: sourceOfTrivy(vendor), type: 'word', value: severityWords[Number(value)] ?? 'UNKNOWN' });
  for (const [vendor, value] of Object.entries(asObject(details['CVSS']) ?? {})) {
    const cvss = asObject(value) ?? {};
    const source = sourceOfTrivy(vendor);
    const types = [
      ['cvss4', cvss['V40Vector']],
      ['cvss3', cvss['V3Vector']],
      ['cvss2', cvss['V2Vector']],
    ] as const;
    for (const [type, vector] of types)
      if (typeof vector === 'string' && vector !== '') rated.push({ source, type, value: vector });
  }
  return rated;
}

function affectedOf(place: Place, part: JsonObject): AffectedPackage[] {
  if (isNoRecord(place.record, part)) return [];
  // A package of an rpm module: `php:7.2::php`.
  const module = /^([^:]{1,128}:[^:]{1,128})::(.{1,256})$/.exec(place.record.package);
  const ecosystems = ecosystemsOf(place, part);
  if (ecosystems.length === 0) place.output.skip('unknown release');
  const severity = originalOf(place.record) === undefined ? severityWords[Number(part['Severity'] ?? 0)] : undefined;
  return ecosystems.flatMap((ecosystem) => {
    const ranges = rangesOf(part, orderOrFuzzy(ecosystem));
    const hasFix = ranges.some((range) => range.fixed !== undefined);
    const affected = affectedPackage({
      ecosystem,
      name: module?.[2] ?? place.record.package,
      ranges,
      fixState: hasFix ? 'fixed' : (states[Number(part['Status'] ?? 2)] ?? 'not-fixed'),
      ...(severity === undefined || severity === 'UNKNOWN' ? {} : { severity }),
      ...(module === null ? {} : { modularity: module[1] ?? '' }),
      architectures: asStrings(part['Arches']),
    });
    return affected === undefined ? [] : [affected];
  });
}

/** Most distributions publish fixes only: a record of theirs that has none says nothing. */
function isNoRecord({ trivyBucket }: TrivyRecord, part: JsonObject): boolean {
  if (trivyBucket.includes('::') || (asString(part['FixedVersion']) ?? '') !== '') return false;
  if (asStrings(part['VulnerableVersions']).length > 0) return false;
  return !/^(?:alpine|debian|ubuntu|Red Hat|CBL-Mariner|Azure Linux|echo)\b/.test(trivyBucket);
}

function ecosystemsOf({ record }: Place, part: JsonObject): readonly string[] {
  if (record.trivyBucket !== 'Red Hat') return ecosystemOfBucket(record.trivyBucket);
  const products = asArray(part['Affected']).map((number) => record.productOf(String(number)));
  return [...new Set(products.map((cpe) => ecosystemOfCpe(cpe ?? '')))].filter((name) => name !== undefined);
}

/** What is vulnerable without what is patched; without a vulnerable range everything that is not patched. */
function rangesOf(part: JsonObject, order: VersionOrder): readonly VersionInterval[] {
  const vulnerable = asStrings(part['VulnerableVersions']);
  const patched = asStrings(part['PatchedVersions']);
  if (vulnerable.length + patched.length === 0) {
    const fixed = asString(part['FixedVersion']) ?? '';
    const introduced = asString(part['AffectedVersion']) ?? '';
    return [{ ...(introduced === '' ? {} : { introduced }), ...(fixed === '' ? {} : { fixed }) }];
  }
  const fixes = setOf(patched, order);
  const affected = vulnerable.length === 0 ? everyVersion : setOf(vulnerable, order);
  return intervalsOfSet(endAtFixes(differenceOf(affected, fixes, order), fixes, order), order);
}

function setOf(constraints: readonly string[], order: VersionOrder): IntervalSet {
  return unionOf(
    constraints.map((text) => setOfAlternatives(parseIntervals(text) ?? parseConstraint(text) ?? [], order)),
    order,
  );
}
