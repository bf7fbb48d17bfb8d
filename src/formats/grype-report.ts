// SPDX-License-Identifier: Apache-2.0
// Reader of Grype's JSON report: matches and ignored matches. Such a report lists only packages that have a match.
import type { Suppression } from '../model/decision.ts';
import type { FixState } from '../model/finding.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Package, PackageList } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { ReportedFinding, ScanReport } from '../model/scan-report.ts';
import type { JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings } from './document.ts';
import { parseJson } from './json.ts';
import { distributionOf, packageOfPurl, systemTypes } from './purl-package.ts';
import { dateOf, referenceOf, vulnerabilityOf } from './reported-finding.ts';

/** Reads one report. Never throws: bad input gives problems. */
export function readGrypeReport(text: string, path: string): ScanReport {
  const source = parseJson(text, path);
  const root = asObject(source.value);
  const problems: Problem[] = [...source.problems];
  if (!Array.isArray(root?.['matches']) && problems.length === 0) {
    const message = 'not a report of Grype: the list "matches" is missing';
    problems.push({ kind: 'schema', message, location: { path }, hidesFindings: true });
  }
  const packages = new Map<string, Package>();
  const results: ReportedFinding[] = [];
  for (const item of limited(root?.['matches'])) results.push(reported(item, packages, path));
  for (const item of limited(root?.['ignoredMatches']))
    results.push({ ...reported(item, packages, path), suppressed: suppressionOf(item) });
  const descriptor = asObject(root?.['descriptor']);
  const createdAt = dateOf(descriptor?.['timestamp']);
  const tool = [asString(descriptor?.['name']) ?? 'grype', asString(descriptor?.['version']) ?? ''].join(' ').trim();
  const target = targetOf(asObject(root?.['source']));
  return {
    format: 'grype',
    target,
    ...(createdAt === undefined ? {} : { createdAt }),
    tools: root === undefined ? [] : [tool],
    scanners: ['vuln'],
    lists: listsOf([...packages.values()], asObject(root?.['distro'])),
    results,
    undecided: [],
    problems,
  };
}

function limited(value: unknown): readonly JsonObject[] {
  return asArray(value)
    .slice(0, defaultLimits.packagesPerFile)
    .map((item) => asObject(item) ?? {});
}

/** `target` is a path for folders, an object with the names of an image else. */
function targetOf(source: JsonObject | undefined): ScanReport['target'] {
  const target = source?.['target'];
  const image = asObject(target);
  const name = asString(target) ?? asString(image?.['userInput']) ?? asString(image?.['imageID']) ?? '';
  return { target: name, kind: asString(source?.['type']) ?? 'report', name, version: '' };
}

function listsOf(packages: readonly Package[], distro: JsonObject | undefined): readonly PackageList[] {
  const name = asString(distro?.['name']) ?? '';
  const distribution = name === '' ? undefined : distributionOf(name, asString(distro?.['version']) ?? '');
  const byFile = Map.groupBy(packages, (item) => item.locations[0]?.path ?? '');
  return [...byFile].map(([path, items]): PackageList => {
    const isSystem = items.some((item) => systemTypes.has(item.type));
    return {
      cataloger: 'grype',
      path,
      ecosystem: items[0]?.type ?? 'generic',
      kind: isSystem ? 'installed' : 'declared',
      packages: items,
      ...(isSystem && distribution !== undefined ? { distribution } : {}),
    };
  });
}

function artifactOf(artifact: JsonObject, path: string): Package {
  const purl = asString(artifact['purl']);
  const found = purl === undefined || purl === '' ? undefined : packageOfPurl(purl);
  const locations = asArray(artifact['locations']).map((entry) => {
    const layer = asString(asObject(entry)?.['layerID']);
    const place = asString(asObject(entry)?.['path']) ?? path;
    return { path: place.replace(/^\//, ''), ...(layer === undefined ? {} : { layer }) };
  });
  const sources = asArray(artifact['upstreams']).flatMap((entry) => {
    const name = asString(asObject(entry)?.['name']);
    return name === undefined ? [] : [{ name, version: asString(asObject(entry)?.['version']) ?? '' }];
  });
  const id = asString(artifact['id']) ?? '';
  return packageOf({
    name: asString(artifact['name']) ?? '',
    version: asString(artifact['version']) ?? '',
    type: found?.type ?? asString(artifact['type']) ?? 'generic',
    ...(id === '' ? {} : { id }),
    ...(found === undefined || purl === undefined ? {} : { purl }),
    locations: locations.length === 0 ? [{ path }] : locations,
    licenses: asStrings(artifact['licenses']),
    cpes: asStrings(artifact['cpes']),
    ...(sources.length === 0 ? {} : { sources }),
  });
}

/** Grype's words for the state of a fix. */
const states: Readonly<Record<string, FixState>> = {
  fixed: 'fixed',
  'not-fixed': 'not-fixed',
  'wont-fix': 'will-not-fix',
};

function reported(match: JsonObject, packages: Map<string, Package>, path: string): ReportedFinding {
  const item = artifactOf(asObject(match['artifact']) ?? {}, path);
  const known = packages.get(item.id) ?? item;
  packages.set(known.id, known);
  const vulnerability = asObject(match['vulnerability']) ?? {};
  const related = asArray(match['relatedVulnerabilities']).map((entry) => asObject(entry) ?? {});
  const fix = asObject(vulnerability['fix']);
  const score = numberOf(asObject(asArray(vulnerability['epss'])[0])?.['epss']);
  const percentile = numberOf(asObject(asArray(vulnerability['epss'])[0])?.['percentile']);
  const exploited = asObject(asArray(vulnerability['knownExploited'])[0]);
  const added = dateOf(exploited?.['dateAdded']);
  const namespace = asString(vulnerability['namespace']) ?? 'grype';
  const details = asObject(asArray(match['matchDetails'])[0]);
  return {
    outcome: 'fail',
    locations: known.locations,
    finding: vulnerabilityOf({
      id: asString(vulnerability['id']) ?? '',
      aliases: related.map((one) => asString(one['id']) ?? '').filter((id) => id !== ''),
      package: referenceOf(known),
      severity: asString(vulnerability['severity']),
      ratedBy: namespace,
      vectors: [vulnerability, ...related].flatMap(vectorsOf),
      ...(score === undefined ? {} : { epss: { score, percentile: percentile ?? 0 } }),
      ...(added === undefined
        ? {}
        : { knownExploited: { added, ransomware: exploited?.['knownRansomwareCampaignUse'] === 'Known' } }),
      risk: numberOf(vulnerability['risk']),
      fixState: states[asString(fix?.['state']) ?? ''] ?? 'unknown',
      fixedVersions: asStrings(fix?.['versions']),
      cwes: asArray(vulnerability['cwes']).flatMap((entry) => asString(asObject(entry)?.['cwe']) ?? []),
      urls: [asString(vulnerability['dataSource']) ?? '', ...asStrings(vulnerability['urls'])],
      source: namespace,
      range: asString(asObject(details?.['found'])?.['versionConstraint']),
    }),
  };
}

function vectorsOf(vulnerability: JsonObject): { source: string; vector: string }[] {
  return asArray(vulnerability['cvss']).flatMap((entry) => {
    const vector = asString(asObject(entry)?.['vector']);
    return vector === undefined ? [] : [{ source: asString(asObject(entry)?.['source']) ?? 'grype', vector }];
  });
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The first rule that applied; a rule that names VEX states is one. */
function suppressionOf(match: JsonObject): Suppression {
  const rule = asObject(asArray(match['appliedIgnoreRules'])[0]) ?? {};
  const isVex = asString(rule['vex-status']) !== undefined || rule['namespace'] === 'vex';
  const status = asString(rule['vex-status']);
  return {
    by: isVex ? 'vex' : 'ignore',
    source: 'grype',
    reason: asString(rule['reason']) ?? asString(rule['vex-justification']) ?? '',
    ...(status === 'not_affected' || status === 'fixed' ? { status } : {}),
  };
}
