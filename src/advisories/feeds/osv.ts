// SPDX-License-Identifier: Apache-2.0
// OSV records (schema 1.x, https://ossf.github.io/osv-schema/): what osv.dev exports for every ecosystem, and what GitHub, Go, PyPA,
// RustSec, Bitnami and AlmaLinux publish themselves. Prose is dropped, git ranges are counted and dropped.

import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { AdvisorySeverity, AffectedPackage, VersionInterval } from '../../model/advisory.ts';
import { parsePurlLoosely } from '../../model/purl.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  aliasesOrFixes,
  cwesOf,
  dateTimeOf,
  isDistribution,
  isIdentifier,
  isVersionText,
  orderOrFuzzy,
  otherIds,
  severitiesOf,
  severityOfVector,
  severityOfWord,
} from '../feed-facts.ts';
import { sourceOfRecord } from '../feed-sources.ts';
import { formatGoImport, type GoImport, mergeGoImports } from '../go-symbols.ts';
import type { RangeEvent } from '../ranges.ts';
import { intervalsOfEvents } from '../ranges.ts';

export const osv = defineFeed({
  id: 'osv',
  title: 'OSV records: osv.dev, GitHub, Go, PyPA, RustSec (osv branch), Bitnami, AlmaLinux and others',
  recognises: ({ value }) => {
    const record = asObject(value);
    return typeof record?.['id'] === 'string' && Array.isArray(record['affected']) && 'modified' in record;
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value);
  const id = asString(record?.['id']);
  if (record === undefined || id === undefined || !isIdentifier(id)) {
    output.malformed(path, 'not an OSV record: it has no id');
    return;
  }
  if (isBugFix(id)) {
    output.skip('not security');
    return;
  }
  const statements = asArray(record['affected']).map((item) => asObject(item) ?? {});
  if (statements.length > 0 && statements.every(isNotice)) {
    output.skip('not security');
    return;
  }
  const firstEcosystem = ecosystemOf(statements.find((statement) => ecosystemOf(statement) !== '') ?? {});
  const source = sourceOfRecord(id, firstEcosystem, 'osv');
  const affected = statements
    .map((statement) => readAffected(statement, { source, path, output }))
    .filter((item) => item !== undefined);
  const published = dateTimeOf(record['published']);
  const modified = dateTimeOf(record['modified']);
  const withdrawn = dateTimeOf(record['withdrawn']);
  if (affected.length === 0) return;
  output.replace({
    id,
    ...namesOf(record, { id, distribution: isDistribution(firstEcosystem) }),
    source,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    severities: ratingsOf(record, statements, source),
    cwes: cwesOf([
      ...asStrings(asObject(record['database_specific'])?.['cwe_ids']),
      ...statements
        .flatMap((statement) => asArray(asObject(statement['database_specific'])?.['cwes']))
        .map((cwe) => asObject(cwe)?.['cweId']),
    ]),
    affected,
  });
}

/** ALBA, ALEA, RHBA ...: the second word of an erratum's id says bug fix or enhancement. */
function isBugFix(id: string): boolean {
  return /^(?:AL|RH|RL|RX|EL)[BE]A-/.test(id);
}

/** RustSec also tells which crates nobody maintains; `unsound` is the one kind of such a notice that is a weakness. */
function isNotice(statement: JsonObject): boolean {
  const informational = asString(asObject(statement['database_specific'])?.['informational']);
  return informational !== undefined && informational !== 'unsound';
}

/**
 * Distributions name the CVEs of an erratum in `upstream`, in `aliases` (older records) or only in `related` (AlmaLinux, Rocky);
 * elsewhere `related` means similar but other vulnerabilities.
 */
function namesOf(
  record: JsonObject,
  context: { readonly id: string; readonly distribution: boolean },
): { readonly aliases: readonly string[]; readonly fixes?: readonly string[] } {
  const aliases = asStrings(record['aliases']);
  const upstream = asStrings(record['upstream']);
  if (!context.distribution) return { aliases: otherIds(context.id, [...aliases, ...upstream]) };
  const named = [...aliases, ...upstream];
  const related = asStrings(record['related']).filter((item) => item.startsWith('CVE-'));
  return aliasesOrFixes(context.id, named.some((item) => item.startsWith('CVE-')) ? named : [...named, ...related]);
}

/** Ratings of the record, of its packages, and the word of the database behind it, the word first. */
function ratingsOf(record: JsonObject, statements: readonly JsonObject[], source: string): readonly AdvisorySeverity[] {
  const database = asObject(record['database_specific']);
  const entries = [record, ...statements]
    .flatMap((holder) => asArray(holder['severity']))
    .map((item) => asObject(item));
  return severitiesOf([
    severityOfWord(database?.['severity'], source),
    ...entries.map((entry) => severityOfVector(entry?.['score'], source) ?? severityOfWord(entry?.['score'], source)),
    ...statements.map((statement) =>
      severityOfVector(asObject(asObject(statement['database_specific'])?.['cvss'])?.['vectorString'], source),
    ),
  ]);
}

function ecosystemOf(statement: JsonObject): string {
  return asString(asObject(statement['package'])?.['ecosystem']) ?? '';
}

interface Place {
  readonly source: string;
  readonly path: string;
  readonly output: FeedOutput;
}

function readAffected(statement: JsonObject, place: Place): AffectedPackage | undefined {
  const { output } = place;
  const ecosystem = ecosystemOf(statement);
  const name = asString(asObject(statement['package'])?.['name']) ?? '';
  const ranges = asArray(statement['ranges']).map((item) => asObject(item) ?? {});
  const comparable = ranges.filter((range) => range['type'] === 'SEMVER' || range['type'] === 'ECOSYSTEM');
  const git = ranges.filter((range) => range['type'] === 'GIT').length;
  if (git > 0) output.skip('git range', git);
  if (ecosystem === '' || name === '') {
    output.skip('no package');
    return undefined;
  }
  const standard = comparable.flatMap((range) => readEvents(range, { ...place, ecosystem }));
  const intervals = customRanges(statement, standard, { ...place, ecosystem });
  const limit = asString(asObject(statement['database_specific'])?.['last_known_affected_version_range']);
  const affected = affectedPackage({
    ecosystem,
    name,
    ranges: intervals.map((interval) => withKnownEnd(interval, limit)),
    versions: asStrings(statement['versions']),
    ...detailsOf(statement),
  });
  if (affected === undefined) output.skip('no versions');
  return affected;
}

type Details = Partial<Pick<AffectedPackage, 'severity' | 'modularity' | 'architectures' | 'importPaths'>>;

function detailsOf(statement: JsonObject): Details {
  const specific = asObject(statement['ecosystem_specific']);
  // Debian: urgency; Ubuntu before 2024: ubuntu_priority.
  const word = severityOfWord(specific?.['urgency'] ?? specific?.['ubuntu_priority'], '')?.value;
  const modularity = asString(specific?.['rpm_modularity']) ?? '';
  // Chainguard and Wolfi have an entry per architecture, told apart by the package URL only.
  const purl = parsePurlLoosely(asString(asObject(statement['package'])?.['purl']) ?? '');
  const architecture = purl?.qualifiers?.['arch'] ?? '';
  return {
    ...(word === undefined ? {} : { severity: word }),
    ...(modularity === '' ? {} : { modularity }),
    ...(architecture === '' ? {} : { architectures: [architecture] }),
    importPaths: mergeGoImports(
      asArray(specific?.['imports'])
        .map(goImportOf)
        .filter(({ path }) => path !== ''),
    )
      .map(formatGoImport)
      .sort(),
  };
}

function goImportOf(value: unknown): GoImport {
  const item = asObject(value);
  return { path: asString(item?.['path']) ?? '', symbols: asStrings(item?.['symbols']) };
}

/**
 * Go's database states ranges in versions that the module system knows. Releases by other tags stand in `custom_ranges`: they count
 * besides, and where the module system knows no fix they are what bounds the range.
 */
function customRanges(
  statement: JsonObject,
  standard: readonly VersionInterval[],
  place: Place & { readonly ecosystem: string },
): readonly VersionInterval[] {
  const custom = asArray(asObject(statement['ecosystem_specific'])?.['custom_ranges'])
    .map((item) => asObject(item) ?? {})
    .filter((range) => range['type'] === 'ECOSYSTEM' || range['type'] === 'SEMVER')
    .flatMap((range) => readEvents(range, place));
  if (custom.length === 0) return standard;
  const isOpen = (range: VersionInterval): boolean => range.fixed === undefined && range.lastAffected === undefined;
  const floor = standard.find(isOpen)?.introduced;
  return [
    ...standard.filter((range) => !isOpen(range)),
    ...custom.map((range) =>
      range.introduced === undefined && floor !== undefined ? { introduced: floor, ...range } : range,
    ),
  ];
}

function readEvents(range: JsonObject, place: Place & { readonly ecosystem: string }): readonly VersionInterval[] {
  const events: RangeEvent[] = [];
  for (const item of asArray(range['events'])) {
    const event = asObject(item) ?? {};
    for (const [key, kind] of eventKinds) {
      const version = asString(event[key])?.trim();
      if (version === undefined || version === '' || !isVersionText(version)) continue;
      events.push({ kind, version: kind === 'fixed' ? lastOfList(version, place) : version });
    }
  }
  return intervalsOfEvents(events, orderOrFuzzy(place.ecosystem));
}

const eventKinds = [
  ['introduced', 'introduced'],
  ['fixed', 'fixed'],
  ['last_affected', 'lastAffected'],
  ['limit', 'limit'],
] as const;

/**
 * GitHub lets "7.2.4, 6.11.4" through as a fixed version (GHSA-h755-8qp9-cq85). The largest one errs on the side of a finding.
 */
function lastOfList(version: string, place: Place & { readonly ecosystem: string }): string {
  if (!version.includes(',')) return version;
  const order = orderOrFuzzy(place.ecosystem);
  const parts = version
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const message = `"${version}" is no version; the largest of the list is taken as fixed`;
  place.output.problem({ kind: 'schema', message, location: { path: place.path }, hidesFindings: false });
  return parts.sort((a, b) => order.compare(a, b)).at(-1) ?? version;
}

/** GitHub says where a range without a fix ends in a field of its own: `<= 9.0.5`, `< 2.5.0`. */
function withKnownEnd(interval: VersionInterval, limit: string | undefined): VersionInterval {
  if (limit === undefined || interval.fixed !== undefined || interval.lastAffected !== undefined) return interval;
  const match = /^(<=?)\s*([^\s,]{1,200})$/.exec(limit.trim());
  const version = match?.[2];
  if (version === undefined) return interval;
  return match?.[1] === '<' ? { ...interval, fixed: version } : { ...interval, lastAffected: version };
}
