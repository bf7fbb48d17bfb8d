// SPDX-License-Identifier: Apache-2.0
// Reader of our own JSON report (src/report/json.ts). Every member is checked again: a report may come from anywhere.
import type { Suppression } from '../model/decision.ts';
import type {
  AdvisoryMatch,
  Finding,
  LicenseFinding,
  PackageReference,
  VulnerabilityFinding,
} from '../model/finding.ts';
import { licenseCategories } from '../model/license.ts';
import type { Location } from '../model/location.ts';
import { placedSections } from '../model/placed-finding.ts';
import type { Problem } from '../model/problem.ts';
import type { ReportedFinding, ScanReport } from '../model/scan-report.ts';
import { severities } from '../model/severity.ts';
import type { JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings } from './document.ts';
import { parseJson } from './json.ts';
import { listOf, locationsOf, oneOf, problemOf } from './landwaiter-report-parts.ts';
import { placedFindingIn } from './landwaiter-report-placed.ts';
import { dateOf } from './reported-finding.ts';

const knownSchema = /\/report\/v1$/;

/** Reads one report. Never throws: bad input gives problems. */
export function readLandwaiterReport(text: string, path: string): ScanReport {
  const source = parseJson(text, path);
  const root = asObject(source.value);
  const problems: Problem[] = [...source.problems];
  const schema = asString(root?.['schema']) ?? '';
  if (!knownSchema.test(schema) && problems.length === 0) {
    const message = schema === '' ? 'not a report of landwaiter' : `reports of the schema ${schema} are not read`;
    problems.push({ kind: 'unsupported', message, location: { path }, hidesFindings: true });
  }
  const results: ReportedFinding[] = [];
  const take = (list: unknown, key: string): void => {
    for (const [index, item] of asArray(list).entries()) {
      const read = resultOf(asObject(item) ?? {});
      if (read !== undefined) results.push(read);
      else {
        const location = source.locate([key, index]);
        problems.push({
          kind: 'schema',
          message: 'a finding that cannot be understood',
          location,
          hidesFindings: true,
        });
      }
    }
  };
  take(root?.['findings'], 'findings');
  take(root?.['suppressed'], 'suppressed');
  take(root?.['licenses'], 'licenses');
  for (const { member } of placedSections) take(root?.[member], member);
  const lists = asArray(root?.['lists']).map((item) => listOf(asObject(item) ?? {}));
  const coverage = asArray(root?.['coverage']).map((item) => asObject(item) ?? {});
  const stated = coverage.flatMap((item) => asArray(item['problems']).map((entry) => problemOf(asObject(entry) ?? {})));
  const target = asObject(root?.['target']);
  const database = databaseOf(asObject(root?.['database']));
  const tool = asObject(root?.['tool']);
  const createdAt = dateOf(root?.['createdAt']);
  const toolName = [asString(tool?.['name']) ?? '', asString(tool?.['version']) ?? ''].join(' ').trim();
  return {
    format: 'landwaiter',
    ...(database === undefined ? {} : { database }),
    target: {
      target: asString(target?.['target']) ?? path,
      kind: asString(target?.['kind']) ?? 'report',
      name: asString(target?.['name']) ?? '',
      version: asString(target?.['version']) ?? '',
    },
    ...(createdAt === undefined ? {} : { createdAt }),
    tools: toolName === '' ? [] : [toolName],
    scanners: scannersOf(root),
    filesSeen: coverage.reduce((sum, item) => sum + (typeof item['filesSeen'] === 'number' ? item['filesSeen'] : 0), 0),
    lists,
    results,
    undecided: asArray(root?.['undecided']).map((item) => ({
      rule: asString(asObject(item)?.['rule']) ?? '',
      message: asString(asObject(item)?.['message']) ?? '',
    })),
    problems: [...problems, ...stated],
  };
}

function databaseOf(item: JsonObject | undefined): ScanReport['database'] {
  if (item === undefined) return undefined;
  const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
  return {
    advisories: count(item['advisories']),
    newest: asString(item['newest']) ?? '',
    builtAt: asString(item['builtAt']) ?? '',
    ageDays: count(item['ageDays']),
    stale: item['stale'] === true,
    partial: asStrings(item['partial']),
  };
}

/** Reports name what they looked for; older ones have licences only when they looked for them. */
function scannersOf(root: JsonObject | undefined): readonly string[] {
  const stated = asStrings(root?.['scanners']);
  if (stated.length > 0) return stated;
  return root !== undefined && 'licenses' in root ? ['vuln', 'license'] : ['vuln'];
}

function resultOf(item: JsonObject): ReportedFinding | undefined {
  const finding = findingOf(item);
  if (finding === undefined) return undefined;
  const suppressed = suppressionOf(asObject(item['suppressed']));
  return {
    finding,
    outcome: item['outcome'] === 'pass' ? 'pass' : 'fail',
    locations: locationsOf(item['locations']),
    ...(suppressed === undefined ? {} : { suppressed }),
  };
}

function findingOf(item: JsonObject): Finding | undefined {
  const placed = placedFindingIn(item);
  if (placed !== undefined) return placed;
  const reference = referenceOf(asObject(item['package']), locationsOf(item['locations']));
  if (reference === undefined) return undefined;
  switch (item['kind']) {
    case 'vulnerability':
      return vulnerabilityIn(item, reference);
    case 'license':
      return licenseIn(item, reference);
    default:
      return undefined;
  }
}

function referenceOf(item: JsonObject | undefined, locations: readonly Location[]): PackageReference | undefined {
  const subject = asString(item?.['subject']);
  const name = asString(item?.['name']);
  if (item === undefined || subject === undefined || name === undefined) return undefined;
  const purl = asString(item['purl']);
  const own = locationsOf(item['locations']);
  const sources = asStrings(item['sources']);
  return {
    subject,
    name,
    version: asString(item['version']) ?? '',
    type: asString(item['type']) ?? 'generic',
    ...(purl === undefined ? {} : { purl }),
    locations: own.length === 0 ? locations : own,
    scope: asString(item['scope']) ?? 'runtime',
    path: asStrings(item['path']),
    ...(sources.length === 0 ? {} : { sources }),
  };
}

const fixStates = ['fixed', 'not-fixed', 'will-not-fix', 'fix-deferred', 'end-of-life', 'unknown'] as const;
const cvssVersions = ['2.0', '3.0', '3.1', '4.0'] as const;

function vulnerabilityIn(item: JsonObject, reference: PackageReference): VulnerabilityFinding | undefined {
  const id = asString(item['id']);
  if (id === undefined || id === '') return undefined;
  const epss = asObject(item['epss']);
  const exploited = asObject(item['knownExploited']);
  const clearedBy = asString(item['clearedBy']);
  const published = dateOf(item['published']);
  const modified = dateOf(item['modified']);
  return {
    kind: 'vulnerability',
    id,
    aliases: asStrings(item['aliases']),
    package: reference,
    severity: oneOf(severities, item['severity']) ?? 'unknown',
    severitySource: asString(item['severitySource']) ?? 'none',
    cvss: asArray(item['cvss']).flatMap((entry) => {
      const rating = asObject(entry);
      const version = oneOf(cvssVersions, rating?.['version']);
      const vector = asString(rating?.['vector']);
      if (version === undefined || vector === undefined) return [];
      return [{ source: asString(rating?.['source']) ?? '', version, vector, score: numberIn(rating?.['score'], 10) }];
    }),
    ...(epss === undefined
      ? {}
      : { epss: { score: numberIn(epss['score'], 1), percentile: numberIn(epss['percentile'], 1) } }),
    ...(exploited === undefined
      ? {}
      : {
          knownExploited: { added: asString(exploited['added']) ?? '', ransomware: exploited['ransomware'] === true },
        }),
    risk: numberIn(item['risk'], 100),
    fixState: oneOf(fixStates, item['fixState']) ?? 'unknown',
    fixedVersions: asStrings(item['fixedVersions']),
    ...(clearedBy === undefined ? {} : { clearedBy }),
    cwes: asStrings(item['cwes']),
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    matches: asArray(item['matches']).map((entry) => matchOf(asObject(entry) ?? {})),
    urls: asStrings(item['urls']),
  };
}

function matchOf(item: JsonObject): AdvisoryMatch {
  const fixed = asString(item['fixed']);
  const url = asString(item['url']);
  const via = oneOf(['source', 'cpe'] as const, item['via']);
  return {
    advisory: asString(item['advisory']) ?? '',
    source: asString(item['source']) ?? '',
    searched: asString(item['searched']) ?? '',
    order: asString(item['order']) ?? '',
    range: asString(item['range']) ?? '',
    ...(fixed === undefined ? {} : { fixed }),
    ...(url === undefined ? {} : { url }),
    ...(via === undefined ? {} : { via }),
  };
}

const bases = ['allowed', 'denied', 'not-allowed', 'category'] as const;

function licenseIn(item: JsonObject, reference: PackageReference): LicenseFinding | undefined {
  const expression = asString(item['expression']);
  if (expression === undefined) return undefined;
  const spdx = asString(item['spdx']);
  return {
    kind: 'license',
    expression,
    ...(spdx === undefined ? {} : { spdx }),
    package: reference,
    category: oneOf(licenseCategories, item['category']) ?? 'unknown',
    severity: oneOf(severities, item['severity']) ?? 'unknown',
    basis: oneOf(bases, item['basis']) ?? 'category',
    reason: asString(item['reason']) ?? '',
  };
}

const origins = ['ignore', 'vex', 'exception'] as const;
const vexStatuses = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;

function suppressionOf(item: JsonObject | undefined): Suppression | undefined {
  if (item === undefined) return undefined;
  const status = oneOf(vexStatuses, item['status']);
  const expires = dateOf(item['expires']);
  return {
    by: oneOf(origins, item['by']) ?? 'ignore',
    source: asString(item['source']) ?? '',
    reason: asString(item['reason']) ?? '',
    ...(status === undefined ? {} : { status }),
    ...(expires === undefined ? {} : { expires }),
  };
}

/** Between 0 and `most`; 0 for what is no number. */
function numberIn(value: unknown, most: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0;
}
