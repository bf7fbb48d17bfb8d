// SPDX-License-Identifier: Apache-2.0
// The two kinds of records in a shard of advisories, as bytes (docs/database.md, "Records"): facts of an advisory, and what it says
// of one package. Readers throw MalformedBytes and nothing else.
import type { Advisory, AdvisorySeverity, AffectedPackage, VersionInterval } from '../../model/advisory.ts';
import type { FixState } from '../../model/finding.ts';
import { ByteReader, ByteWriter, MalformedBytes } from './bytes.ts';

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
const fixStates: readonly FixState[] = ['unknown', 'fixed', 'not-fixed', 'will-not-fix', 'fix-deferred', 'end-of-life'];
const severityTypes: readonly AdvisorySeverity['type'][] = ['word', 'cvss2', 'cvss3', 'cvss4'];

const hasIntroduced = 1;
const hasFixed = 2;
const hasLastAffected = 4;
const entryHas = { severity: 8, modularity: 16, architectures: 32, importPaths: 64 } as const;
const datePresent = { published: 1, modified: 2, withdrawn: 4 } as const;
const hasFixes = 8;

/** Facts of one advisory. Every source named must be in the vocabulary. */
export function encodeAdvisory(facts: AdvisoryFacts, vocabulary: ShardVocabulary): Uint8Array {
  const writer = new ByteWriter();
  const dates = [secondsOf(facts.published), secondsOf(facts.modified), secondsOf(facts.withdrawn)];
  const fixes = facts.fixes ?? [];
  writer.text(facts.id);
  writer.number(placeOf(vocabulary.sources, facts.source));
  writer.byte(
    dates.reduce<number>(
      (flags, date, index) => (date === undefined ? flags : flags | (1 << index)),
      fixes.length > 0 ? hasFixes : 0,
    ),
  );
  for (const date of dates) if (date !== undefined) writer.number(date);
  writer.texts(facts.aliases);
  if (fixes.length > 0) writer.texts(fixes);
  writer.number(facts.severities.length);
  for (const severity of facts.severities) {
    writer.number(placeOf(vocabulary.sources, severity.source));
    writer.byte(severityTypes.indexOf(severity.type));
    writer.text(severity.value);
  }
  writer.number(facts.cwes.length);
  for (const cwe of facts.cwes) {
    const digits = /^CWE-([1-9]\d{0,8})$/.exec(cwe)?.[1];
    writer.number(digits === undefined ? 0 : Number(digits));
    if (digits === undefined) writer.text(cwe);
  }
  return writer.bytes();
}

export function decodeAdvisory(reader: ByteReader, vocabulary: ShardVocabulary): AdvisoryFacts {
  const id = reader.text();
  const source = itemOf(vocabulary.sources, reader.number());
  const flags = reader.byte();
  const published = (flags & datePresent.published) === 0 ? undefined : dateOf(reader.number());
  const modified = (flags & datePresent.modified) === 0 ? undefined : dateOf(reader.number());
  const withdrawn = (flags & datePresent.withdrawn) === 0 ? undefined : dateOf(reader.number());
  const aliases = reader.texts();
  const fixes = (flags & hasFixes) === 0 ? undefined : reader.texts();
  const severities: AdvisorySeverity[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const by = itemOf(vocabulary.sources, reader.number());
    severities.push({ source: by, type: itemOf(severityTypes, reader.byte()), value: reader.text() });
  }
  const cwes: string[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const number = reader.number();
    cwes.push(number === 0 ? reader.text() : `CWE-${number}`);
  }
  return {
    id,
    aliases,
    ...(fixes === undefined ? {} : { fixes }),
    source,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    severities,
    cwes,
  };
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
    const { severity, modularity, architectures, importPaths } = affected;
    body.byte(
      fixStates.indexOf(affected.fixState) |
        (severity === undefined ? 0 : entryHas.severity) |
        (modularity === undefined ? 0 : entryHas.modularity) |
        (architectures === undefined ? 0 : entryHas.architectures) |
        (importPaths === undefined ? 0 : entryHas.importPaths),
    );
    body.number(placeOf(vocabulary.orders, affected.order));
    body.number(affected.ranges.length);
    for (const range of affected.ranges) {
      body.byte(
        (range.introduced === undefined ? 0 : hasIntroduced) |
          (range.fixed === undefined ? 0 : hasFixed) |
          (range.lastAffected === undefined ? 0 : hasLastAffected),
      );
      if (range.introduced !== undefined) put(range.introduced);
      if (range.fixed !== undefined) put(range.fixed);
      if (range.lastAffected !== undefined) put(range.lastAffected);
    }
    body.number(affected.versions.length);
    affected.versions.forEach(put);
    if (severity !== undefined) put(severity);
    if (modularity !== undefined) put(modularity);
    for (const list of [architectures, importPaths]) {
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
    for (let more = reader.count(); more > 0; more -= 1) {
      const form = reader.byte();
      ranges.push({
        ...((form & hasIntroduced) === 0 ? {} : { introduced: text() }),
        ...((form & hasFixed) === 0 ? {} : { fixed: text() }),
        ...((form & hasLastAffected) === 0 ? {} : { lastAffected: text() }),
      });
    }
    const affected: AffectedPackage = {
      ecosystem: vocabulary.ecosystem,
      name,
      order,
      ranges,
      versions: list(),
      fixState: itemOf(fixStates, flags & 7),
      ...((flags & entryHas.severity) === 0 ? {} : { severity: text() }),
      ...((flags & entryHas.modularity) === 0 ? {} : { modularity: text() }),
      ...((flags & entryHas.architectures) === 0 ? {} : { architectures: list() }),
      ...((flags & entryHas.importPaths) === 0 ? {} : { importPaths: list() }),
    };
    entries.push({ advisory, affected });
  }
  return entries;
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
