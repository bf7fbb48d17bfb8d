// SPDX-License-Identifier: Apache-2.0
// Reads the YAML form of trivy-db (a tree of buckets) into advisories of the model, for tests that state a database. What is kept of
// a vulnerability: ratings of vendors, CVSS vectors, CWEs, dates. Buckets of ecosystems that we do not name are left out.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { normaliseName } from '../../../src/advisories/names.ts';
import { orderOfEcosystem } from '../../../src/advisories/versions/index.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import type { Advisory, AdvisorySeverity, AffectedPackage } from '../../../src/model/advisory.ts';
import type { FixState } from '../../../src/model/finding.ts';
import { ecosystemOfBucket, ecosystemOfCpe } from './trivy-db-names.ts';
import { intervalsOfConstraints } from './trivy-db-ranges.ts';

export interface Pair {
  readonly bucket?: string;
  readonly key?: string;
  readonly value?: unknown;
  readonly pairs?: readonly Pair[];
}

export interface TrivyDatabase {
  readonly advisories: readonly Advisory[];
  /** Ends of affected ranges and patched versions as the database writes them, by `name\nid`. */
  readonly fixes: ReadonlyMap<string, readonly string[]>;
}

/** Source of a rating whose vendor trivy-db does not keep. */
export const unnamedSource = 'trivy-db';

const severityWords = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

/** Numbers that trivy-db gives to states; those that are left out say that a package is not affected or fixed. */
const states: Readonly<Record<number, FixState>> = {
  2: 'not-fixed',
  5: 'will-not-fix',
  6: 'fix-deferred',
  7: 'end-of-life',
};

/** Reads fixture files, with further buckets that a test states otherwise; throws when one is no YAML, as the tests of such files expect an error. */
export function readTrivyDatabase(files: readonly string[], more: readonly Pair[] = []): TrivyDatabase {
  const buckets = files.flatMap((file) => asArray(load(readFileSync(file, 'utf8'))) as readonly Pair[]);
  buckets.push(...more);
  const tables = {
    sources: entriesOf(buckets, 'data-source'),
    details: entriesOf(buckets, 'vulnerability'),
    cpes: cpesOf(buckets),
  };
  const advisories: Advisory[] = [];
  const fixes = new Map<string, readonly string[]>();
  for (const { bucket = '', pairs = [] } of buckets) {
    for (const named of pairs) {
      for (const pair of named.pairs ?? []) {
        const place: Place = { bucket, name: named.bucket ?? '', id: (pair.key ?? '').trim(), tables };
        const value = asObject(pair.value) ?? {};
        advisories.push(...advisoriesOf(place, value));
        const known = fixes.get(`${place.name}\n${place.id}`) ?? [];
        fixes.set(`${place.name}\n${place.id}`, [...known, ...asStrings(value['VulnerableVersions']).flatMap(endsOf)]);
      }
    }
  }
  return { advisories: withoutRepaired(advisories), fixes };
}

/** Red Hat's notes that nothing is fixed stay behind in trivy-db when an erratum comes: the erratum is right. */
function withoutRepaired(advisories: readonly Advisory[]): readonly Advisory[] {
  const repaired = new Set<string>();
  for (const { fixes = [], affected } of advisories)
    for (const id of fixes) for (const { ecosystem, name } of affected) repaired.add(`${ecosystem}\n${name}\n${id}`);
  return advisories.map((advisory) => ({
    ...advisory,
    affected: advisory.affected.filter(
      ({ ecosystem, name, fixState }) => fixState === 'fixed' || !repaired.has(`${ecosystem}\n${name}\n${advisory.id}`),
    ),
  }));
}

interface Tables {
  readonly sources: ReadonlyMap<string, JsonObject>;
  readonly details: ReadonlyMap<string, JsonObject>;
  readonly cpes: ReadonlyMap<string, string>;
}

interface Place {
  readonly bucket: string;
  readonly name: string;
  readonly id: string;
  readonly tables: Tables;
}

function entriesOf(buckets: readonly Pair[], name: string): Map<string, JsonObject> {
  const pairs = buckets.filter((item) => item.bucket === name).flatMap((item) => item.pairs ?? []);
  return new Map(pairs.map((pair) => [pair.key ?? '', asObject(pair.value) ?? {}]));
}

/** Red Hat's numbers of products, and the CPE of each. */
function cpesOf(buckets: readonly Pair[]): Map<string, string> {
  const tables = buckets.filter((item) => item.bucket === 'Red Hat CPE').flatMap((item) => item.pairs ?? []);
  const pairs = tables.filter((item) => item.bucket === 'cpe').flatMap((item) => item.pairs ?? []);
  return new Map(pairs.map((pair) => [pair.key ?? '', asString(pair.value) ?? '']));
}

function endsOf(constraint: string): string[] {
  const bounds = [...constraint.matchAll(/<\s{0,4}([^\s,=][^\s,]{0,64})/g)].map((match) => match[1] ?? '');
  const closing = /,\s{0,4}([^\s,[\]()]{1,64})\)$/.exec(constraint)?.[1];
  return closing === undefined ? bounds : [...bounds, closing];
}

/** One advisory per vulnerability that the record speaks of: Red Hat's errata rate each on its own. */
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
  const details = place.tables.details.get(id) ?? {};
  const advisory = {
    id: erratum ?? id,
    aliases: erratum === undefined ? others : [],
    source: sourceOf(place),
    ...(typeof details['PublishedDate'] === 'string' ? { published: details['PublishedDate'] } : {}),
    severities: severitiesOf(details),
    cwes: asStrings(details['CweIDs']),
    affected,
  };
  return [erratum === undefined ? advisory : { ...advisory, fixes: [id] }];
}

/** The id of the feed. Trivy knows none for a bucket that the table of sources leaves out, and then takes nobody's word for the vendor's. */
function sourceOf({ bucket, tables }: Place): string {
  const known = asString(tables.sources.get(bucket)?.['ID']) ?? '';
  return known === '' && bucket === 'Red Hat' ? 'redhat' : known;
}

function severitiesOf(details: JsonObject): AdvisorySeverity[] {
  const rated: AdvisorySeverity[] = [];
  const word = asString(details['Severity']);
  if (word !== undefined) rated.push({ source: unnamedSource, type: 'word', value: word });
  for (const [source, value] of Object.entries(asObject(details['VendorSeverity']) ?? {}))
    rated.push({ source, type: 'word', value: severityWords[Number(value)] ?? 'UNKNOWN' });
  for (const [source, value] of Object.entries(asObject(details['CVSS']) ?? {})) {
    const cvss = asObject(value) ?? {};
    const third = asString(cvss['V3Vector']);
    const second = asString(cvss['V2Vector']);
    if (third !== undefined) rated.push({ source, type: 'cvss3', value: third });
    if (second !== undefined) rated.push({ source, type: 'cvss2', value: second });
  }
  return rated;
}

function affectedOf(place: Place, part: JsonObject): AffectedPackage[] {
  if (isNoRecord(place, part)) return [];
  const module = /^([^:]{1,128}:[^:]{1,128})::(.{1,256})$/.exec(place.name);
  return ecosystemsOf(place, part).map((ecosystem) => {
    const order = orderOfEcosystem(ecosystem);
    const fixed = asString(part['FixedVersion']) ?? '';
    const constraints = {
      vulnerable: asStrings(part['VulnerableVersions']),
      patched: asStrings(part['PatchedVersions']),
    };
    const introduced = asString(part['AffectedVersion']) ?? '';
    const stated = constraints.vulnerable.length + constraints.patched.length > 0;
    const severity = severityWords[Number(part['Severity'] ?? 0)];
    const architectures = asStrings(part['Arches']);
    const ranges = stated
      ? intervalsOfConstraints(constraints, order)
      : [{ ...(introduced === '' ? {} : { introduced }), ...(fixed === '' ? {} : { fixed }) }];
    const hasFix = ranges.some((range) => range.fixed !== undefined);
    return {
      ecosystem,
      name: normaliseName(ecosystem, module?.[2] ?? place.name),
      order: order.id,
      ranges,
      versions: [],
      fixState: hasFix ? 'fixed' : (states[Number(part['Status'] ?? 2)] ?? 'not-fixed'),
      ...(severity === undefined || severity === 'UNKNOWN' ? {} : { severity }),
      ...(module === null ? {} : { modularity: module[1] ?? '' }),
      ...(architectures.length === 0 ? {} : { architectures }),
    };
  });
}

/** Most distributions publish fixes only; Trivy never reports a record of theirs that has none. */
function isNoRecord({ bucket }: Place, part: JsonObject): boolean {
  if (bucket.includes('::') || (asString(part['FixedVersion']) ?? '') !== '') return false;
  return !/^(?:alpine|debian|ubuntu|Red Hat|CBL-Mariner|Azure Linux|echo)\b/.test(bucket);
}

function ecosystemsOf({ bucket, tables }: Place, part: JsonObject): readonly string[] {
  if (bucket !== 'Red Hat') return ecosystemOfBucket(bucket);
  const products = asArray(part['Affected']).map((number) => tables.cpes.get(String(number)));
  return [...new Set(products.map((cpe) => ecosystemOfCpe(cpe ?? '')))].filter((name) => name !== undefined);
}
