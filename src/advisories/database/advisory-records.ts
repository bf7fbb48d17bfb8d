// SPDX-License-Identifier: Apache-2.0
// The two kinds of records in a shard of advisories, as bytes (docs/database.md, "Records"): facts of an advisory, and what it says
// of one package. Readers throw MalformedBytes and nothing else.
import type { Advisory, AdvisorySeverity, AffectedPackage, VersionInterval } from '../../model/advisory.ts';
import type { Building } from '../../model/building.ts';
import type { ByteReader } from './bytes.ts';
import { ByteWriter, MalformedBytes } from './bytes.ts';

export type AdvisoryFacts = Omit<Advisory, 'affected'>;

/** Values that many records of a shard share; records hold their places in these lists. */
export interface ShardVocabulary {
  readonly ecosystem: string;
  readonly sources: readonly string[];
  readonly orders: readonly string[];
}

/** One advisory's statement on a package: `advisory` is the position of its facts in stream 1. */
export interface PackageEntry {
  readonly advisory: number;
  readonly affected: AffectedPackage;
}

// The order of these lists is part of the format: only append.
const fixStates: readonly AffectedPackage['fixState'][] = [
  'unknown',
  'fixed',
  'not-fixed',
  'will-not-fix',
  'fix-deferred',
  'end-of-life',
  'not-affected',
];
const severityTypes: readonly AdvisorySeverity['type'][] = ['word', 'cvss2', 'cvss3', 'cvss4'];

const hasIntroduced = 1;
const hasFixed = 2;
const hasLastAffected = 4;
const entryHas = { severity: 8, modularity: 16, architectures: 32, importPaths: 64, products: 128 } as const;
const datePresent = { published: 1, modified: 2, withdrawn: 4 } as const;

/** Facts of one advisory. Every source named must be in the vocabulary. */
export function encodeAdvisory(facts: AdvisoryFacts, vocabulary: ShardVocabulary): Uint8Array {
  const writer = new ByteWriter();
  const dates = [secondsOf(facts.published), secondsOf(facts.modified), secondsOf(facts.withdrawn)];
  const fixes = facts.fixes ?? [];
  writer.texts([
    facts.id,
    ...facts.aliases,
    ...fixes,
    ...facts.severities.map((severity) => severity.value),
    ...facts.cwes.filter((cwe) => numberOfCwe(cwe) === 0),
  ]);
  writer.number(placeOf(vocabulary.sources, facts.source));
  writer.byte(dates.reduce<number>((flags, date, index) => (date === undefined ? flags : flags | (1 << index)), 0));
  for (const date of dates) if (date !== undefined) writer.number(date);
  writer.number(facts.aliases.length);
  writer.number(fixes.length);
  writer.number(facts.severities.length);
  for (const severity of facts.severities) {
    writer.number(placeOf(vocabulary.sources, severity.source));
    writer.byte(severityTypes.indexOf(severity.type));
  }
  writer.number(facts.cwes.length);
  for (const cwe of facts.cwes) writer.number(numberOfCwe(cwe));
  return writer.bytes();
}

/** 0 for what is not of the form CWE-79. */
function numberOfCwe(cwe: string): number {
  return Number(/^CWE-([1-9]\d{0,8})$/.exec(cwe)?.[1] ?? 0);
}

export function decodeAdvisory(reader: ByteReader, vocabulary: ShardVocabulary): AdvisoryFacts {
  const texts = reader.texts();
  let next = 0;
  const text = (): string => {
    next += 1;
    return itemOf(texts, next - 1);
  };
  const list = (count: number): string[] => {
    const items: string[] = [];
    for (let left = count; left > 0; left -= 1) items.push(text());
    return items;
  };
  const id = text();
  const source = itemOf(vocabulary.sources, reader.number());
  const flags = reader.byte();
  const published = (flags & datePresent.published) === 0 ? undefined : dateOf(reader.number());
  const modified = (flags & datePresent.modified) === 0 ? undefined : dateOf(reader.number());
  const withdrawn = (flags & datePresent.withdrawn) === 0 ? undefined : dateOf(reader.number());
  const aliases = list(reader.number());
  const fixes = list(reader.number());
  const severities: AdvisorySeverity[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const by = itemOf(vocabulary.sources, reader.number());
    severities.push({ source: by, type: itemOf(severityTypes, reader.byte()), value: text() });
  }
  const cwes: string[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const number = reader.number();
    cwes.push(number === 0 ? text() : `CWE-${number}`);
  }
  const facts: Building<AdvisoryFacts> = { id, aliases, source, severities, cwes };
  if (fixes.length > 0) facts.fixes = fixes;
  if (published !== undefined) facts.published = published;
  if (modified !== undefined) facts.modified = modified;
  if (withdrawn !== undefined) facts.withdrawn = withdrawn;
  return facts;
}

/** A package with everything known of it. Strings stand once per package: versions repeat from advisory to advisory. */
export function encodePackage(name: string, entries: readonly PackageEntry[], vocabulary: ShardVocabulary): Uint8Array {
  const places = new Map<string, number>();
  const body = new ByteWriter();
  const put = (text: string): void => {
    let place = places.get(text);
    if (place === undefined) {
      place = places.size;
      places.set(text, place);
    }
    body.number(place);
  };
  body.number(entries.length);
  for (const { advisory, affected } of entries) {
    body.number(advisory);
    const { severity, modularity, architectures, importPaths, cpes, platforms } = affected;
    const products = cpes === undefined && platforms === undefined ? undefined : [cpes ?? [], platforms ?? []];
    body.byte(
      fixStates.indexOf(affected.fixState) |
        (severity === undefined ? 0 : entryHas.severity) |
        (modularity === undefined ? 0 : entryHas.modularity) |
        (architectures === undefined ? 0 : entryHas.architectures) |
        (importPaths === undefined ? 0 : entryHas.importPaths) |
        (products === undefined ? 0 : entryHas.products),
    );
    body.number(placeOf(vocabulary.orders, affected.order));
    body.number(affected.ranges.length);
    for (const range of affected.ranges) {
      // A range has one end: should a feed state both, the fix is the end that matching would use.
      const lastAffected = range.fixed === undefined ? range.lastAffected : undefined;
      body.byte(
        (range.introduced === undefined ? 0 : hasIntroduced) |
          (range.fixed === undefined ? 0 : hasFixed) |
          (lastAffected === undefined ? 0 : hasLastAffected),
      );
      for (const version of [range.introduced, range.fixed, lastAffected]) if (version !== undefined) put(version);
    }
    body.number(affected.versions.length);
    affected.versions.forEach(put);
    if (severity !== undefined) put(severity);
    if (modularity !== undefined) put(modularity);
    for (const list of [architectures, importPaths, ...(products ?? [])]) {
      if (list === undefined) continue;
      body.number(list.length);
      list.forEach(put);
    }
  }
  const writer = new ByteWriter();
  writer.text(name);
  writer.texts([...places.keys()]);
  writer.append(body.bytes());
  return writer.bytes();
}

/** Undefined when the record is of another package (two names with one hash). */
export function decodePackage(
  reader: ByteReader,
  name: string,
  vocabulary: ShardVocabulary,
): readonly PackageEntry[] | undefined {
  if (reader.text() !== name) return undefined;
  const texts = reader.texts();
  const text = (): string => itemOf(texts, reader.number());
  const list = (): string[] => {
    const items: string[] = [];
    for (let left = reader.count(); left > 0; left -= 1) items.push(text());
    return items;
  };
  const entries: PackageEntry[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const advisory = reader.number();
    const flags = reader.byte();
    const order = itemOf(vocabulary.orders, reader.number());
    const ranges: VersionInterval[] = [];
    for (let more = reader.count(); more > 0; more -= 1) ranges.push(decodeRange(reader, texts));
    const versions = list();
    const fixState = itemOf(fixStates, flags & 7);
    const { ecosystem } = vocabulary;
    const affected: AffectedPackage =
      flags < 8
        ? { ecosystem, name, order, ranges, versions, fixState }
        : {
            ecosystem,
            name,
            order,
            ranges,
            versions,
            fixState,
            ...((flags & entryHas.severity) === 0 ? {} : { severity: text() }),
            ...((flags & entryHas.modularity) === 0 ? {} : { modularity: text() }),
            ...((flags & entryHas.architectures) === 0 ? {} : { architectures: list() }),
            ...((flags & entryHas.importPaths) === 0 ? {} : { importPaths: list() }),
            ...((flags & entryHas.products) === 0 ? {} : productsOf(list(), list())),
          };
    entries.push({ advisory, affected });
  }
  return entries;
}

/** An empty list stands for none. */
function productsOf(
  cpes: readonly string[],
  platforms: readonly string[],
): Pick<AffectedPackage, 'cpes' | 'platforms'> {
  return { ...(cpes.length === 0 ? {} : { cpes }), ...(platforms.length === 0 ? {} : { platforms }) };
}

/** The hot loop of matching: the usual forms are spelled out instead of put together. */
function decodeRange(reader: ByteReader, texts: readonly string[]): VersionInterval {
  const form = reader.byte();
  const first = (form & 7) === 0 ? '' : itemOf(texts, reader.number());
  switch (form & 7) {
    case 0:
      return {};
    case hasIntroduced:
      return { introduced: first };
    case hasFixed:
      return { fixed: first };
    case hasLastAffected:
      return { lastAffected: first };
    case hasIntroduced | hasFixed:
      return { introduced: first, fixed: itemOf(texts, reader.number()) };
    case hasIntroduced | hasLastAffected:
      return { introduced: first, lastAffected: itemOf(texts, reader.number()) };
    default:
      throw new MalformedBytes(`range of form ${form}`);
  }
}

function placeOf<T>(list: readonly T[], item: T): number {
  const place = list.indexOf(item);
  if (place === -1) throw new RangeError(`${String(item)} is not in the vocabulary of the shard`);
  return place;
}

function itemOf<T>(list: readonly T[], place: number): T {
  const item = list[place];
  if (item === undefined) throw new MalformedBytes(`place ${place} is not in a list of ${list.length}`);
  return item;
}

/** Seconds since 1970; undefined for what is no date or older than that (OSV records of Go say 0001-01-01 for "unknown"). */
function secondsOf(date: string | undefined): number | undefined {
  const milliseconds = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(milliseconds) || milliseconds < 0 ? undefined : Math.floor(milliseconds / 1000);
}

function dateOf(seconds: number): string {
  // The last second of the year 9999, the end of RFC 3339.
  if (seconds > 253_402_300_799) throw new MalformedBytes(`${seconds} is no date`);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
