// SPDX-License-Identifier: Apache-2.0
// Reader of Trivy's JSON report, schema 2: packages, vulnerabilities, licences and what was taken out. Misconfigurations and secrets are not read.
import type { Suppression, VexStatus } from '../model/decision.ts';
import { digestOf } from '../model/digest.ts';
import type { FixState, LicenseFinding } from '../model/finding.ts';
import { licenseCategories } from '../model/license.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Distribution, Package, PackageList, Relationship, SourcePackage } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { ReportedFinding, ScanReport } from '../model/scan-report.ts';
import { parseSeverity } from '../model/severity.ts';
import type { JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { distributionOf, packageOfPurl } from './purl-package.ts';
import { dateOf, referenceOf, vulnerabilityOf } from './reported-finding.ts';

/** Reads one report. Never throws: bad input gives problems. */
export function readTrivyReport(text: string, path: string): ScanReport {
  const source = parseJson(text, path);
  const root = asObject(source.value);
  const problems: Problem[] = [...source.problems];
  if (root === undefined && problems.length === 0)
    problems.push({ kind: 'schema', message: 'not a report of Trivy', location: { path }, hidesFindings: true });
  const version = root?.['SchemaVersion'];
  if (root !== undefined && version !== 2) {
    const message = `schema ${JSON.stringify(version)} of Trivy's reports is not read; it reads 2`;
    problems.push({ kind: 'unsupported', message, location: source.locate(['SchemaVersion']), hidesFindings: true });
  }
  const system = asObject(asObject(root?.['Metadata'])?.['OS']);
  const distribution =
    system === undefined ? undefined : distributionOf(asString(system['Family']) ?? '', asString(system['Name']) ?? '');
  const name = asString(root?.['ArtifactName']) ?? '';
  const createdAt = dateOf(root?.['CreatedAt']);
  const tool = asString(asObject(root?.['Trivy'])?.['Version']);
  const lists: PackageList[] = [];
  const results: ReportedFinding[] = [];
  const classes = new Set<string>();
  for (const item of asArray(root?.['Results'])) {
    const result = asObject(item) ?? {};
    classes.add(asString(result['Class']) ?? '');
    const read = readResult(result, distribution);
    if (read.list.packages.length > 0) lists.push(read.list);
    results.push(...read.results);
    if (read.cut) {
      const message = `more than ${defaultLimits.packagesPerFile} packages in ${read.list.path}; the rest is not read`;
      problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
    }
  }
  return {
    format: 'trivy',
    target: { target: name, kind: asString(root?.['ArtifactType']) ?? 'report', name, version: '' },
    ...(createdAt === undefined ? {} : { createdAt }),
    tools: root === undefined ? [] : [tool === undefined ? 'trivy' : `trivy ${tool}`],
    scanners: [...(classes.has('license') || classes.has('license-file') ? ['license'] : []), ...vulnScanner(classes)],
    lists,
    results,
    undecided: [],
    problems,
  };
}

/** A report without any result looked for vulnerabilities, as Trivy does by itself. */
function vulnScanner(classes: ReadonlySet<string>): readonly string[] {
  const isLicenseOnly = classes.size > 0 && [...classes].every((name) => name.startsWith('license'));
  return isLicenseOnly ? [] : ['vuln'];
}

interface ResultRead {
  readonly list: PackageList;
  readonly results: readonly ReportedFinding[];
  readonly cut: boolean;
}

function readResult(result: JsonObject, distribution: Distribution | undefined): ResultRead {
  const path = asString(result['Target']) ?? '';
  const type = asString(result['Type']) ?? '';
  const isSystem = result['Class'] === 'os-pkgs';
  const stated = asArray(result['Packages']);
  const packages = new PackageIndex(path, type);
  for (const item of stated.slice(0, defaultLimits.packagesPerFile)) packages.add(asObject(item) ?? {});
  const vulnerabilities = asArray(result['Vulnerabilities']).map((item) => asObject(item) ?? {});
  const results = vulnerabilities.map((item) => reported(item, packages));
  for (const entry of asArray(result['ExperimentalModifiedFindings'])) {
    const modified = asObject(entry) ?? {};
    const finding = asObject(modified['Finding']);
    if (finding === undefined || (modified['Type'] ?? 'vulnerability') !== 'vulnerability') continue;
    results.push({ ...reported(finding, packages), suppressed: suppressionOf(modified) });
  }
  for (const entry of asArray(result['Licenses'])) results.push(licenseOf(asObject(entry) ?? {}, packages));
  return {
    list: {
      cataloger: 'trivy',
      path,
      ecosystem: packages.list()[0]?.type ?? (type || 'generic'),
      kind: isSystem ? 'installed' : 'declared',
      packages: packages.list(),
      ...(isSystem && distribution !== undefined ? { distribution } : {}),
    },
    results,
    cut: stated.length > defaultLimits.packagesPerFile,
  };
}

/** The packages of one result; those that only a finding names are added. */
class PackageIndex {
  readonly #path: string;
  readonly #type: string;
  readonly #byId = new Map<string, Package>();
  readonly #byName = new Map<string, Package>();

  constructor(path: string, type: string) {
    this.#path = path;
    this.#type = type;
  }

  list(): readonly Package[] {
    return [...this.#byId.values()];
  }

  add(item: JsonObject): Package {
    const found = packageIn(item, this.#path, this.#type);
    const id = this.#byId.has(found.id) ? `${found.id}#${this.#byId.size}` : found.id;
    const unique = id === found.id ? found : { ...found, id };
    this.#byId.set(id, unique);
    for (const key of [nameKey(unique.name, unique.version), nameKey(unique.name, '')])
      if (!this.#byName.has(key)) this.#byName.set(key, unique);
    return unique;
  }

  /** By id, else by name and version; an empty version stands for any. */
  find(id: string, name: string, version: string): Package | undefined {
    return this.#byId.get(id) ?? this.#byName.get(nameKey(name, version));
  }
}

function nameKey(name: string, version: string): string {
  return `${name}\n${version}`;
}

const relationships: readonly Relationship[] = ['root', 'workspace', 'direct', 'indirect'];

function packageIn(item: JsonObject, target: string, type: string): Package {
  const name = asString(item['Name']) ?? '';
  const version = versionOf(item, '');
  const purl = asString(asObject(item['Identifier'])?.['PURL']);
  const found = purl === undefined ? undefined : packageOfPurl(purl);
  const path = asString(item['FilePath']) ?? target;
  const lines = asArray(item['Locations']).map((entry) => asObject(entry) ?? {});
  const layer = asString(asObject(item['Layer'])?.['DiffID']);
  const relationship = relationships.find((word) => word === item['Relationship']);
  const digest = digestOfText(asString(item['Digest']));
  const sources = sourcesOf(item);
  const architecture = asString(item['Arch']);
  return packageOf({
    name,
    version,
    type: found?.type ?? (type || 'generic'),
    ...(typeof item['ID'] === 'string' && item['ID'] !== '' ? { id: item['ID'] } : {}),
    ...(purl === undefined ? {} : { purl }),
    scope: item['Dev'] === true ? 'development' : 'runtime',
    relationship: relationship ?? (item['Indirect'] === true ? 'indirect' : 'unknown'),
    locations: lines.length === 0 ? [locationOf(path, {}, layer)] : lines.map((line) => locationOf(path, line, layer)),
    licenses: asStrings(item['Licenses']),
    digests: digest === undefined ? [] : [digest],
    dependsOn: asStrings(item['DependsOn']),
    ...(sources.length === 0 ? {} : { sources }),
    ...(architecture === undefined ? {} : { facts: { architecture } }),
  });
}

/** `Epoch`, `Version` and `Release`, with `Src` before for the source package, as one text. */
function versionOf(item: JsonObject, prefix: string): string {
  const epoch = item[`${prefix}Epoch`];
  const release = asString(item[`${prefix}Release`]) ?? '';
  const version = asString(item[`${prefix}Version`]) ?? '';
  return `${typeof epoch === 'number' && epoch > 0 ? `${epoch}:` : ''}${version}${release === '' ? '' : `-${release}`}`;
}

function sourcesOf(item: JsonObject): readonly SourcePackage[] {
  const name = asString(item['SrcName']) ?? '';
  return name === '' ? [] : [{ name, version: versionOf(item, 'Src') }];
}

function digestOfText(text: string | undefined): ReturnType<typeof digestOf> {
  const colon = text?.indexOf(':') ?? -1;
  return text === undefined || colon === -1 ? undefined : digestOf(text.slice(0, colon), text.slice(colon + 1));
}

function locationOf(path: string, lines: JsonObject, layer: string | undefined): Package['locations'][number] {
  const start = lines['StartLine'];
  const end = lines['EndLine'];
  return {
    path,
    ...(typeof start === 'number' && start > 0 ? { line: start } : {}),
    ...(typeof end === 'number' && end > 0 ? { endLine: end } : {}),
    ...(layer === undefined ? {} : { layer }),
  };
}

/** Trivy's words for the state of a fix. */
const states: Readonly<Record<string, FixState>> = {
  fixed: 'fixed',
  affected: 'not-fixed',
  will_not_fix: 'will-not-fix',
  fix_deferred: 'fix-deferred',
  end_of_life: 'end-of-life',
};

function reported(item: JsonObject, packages: PackageIndex): ReportedFinding {
  const name = asString(item['PkgName']) ?? '';
  const installed = asString(item['InstalledVersion']) ?? '';
  const known =
    packages.find(asString(item['PkgID']) ?? '', name, installed) ??
    packages.add({
      Name: name,
      Version: installed,
      ID: item['PkgID'],
      FilePath: item['PkgPath'],
      Identifier: item['PkgIdentifier'],
      Layer: item['Layer'],
    });
  const fixes = (asString(item['FixedVersion']) ?? '').split(',').map((part) => part.trim());
  const fixedVersions = fixes.filter((part) => part !== '');
  const status = states[asString(item['Status']) ?? ''];
  const vectors = entriesOf(item['CVSS']).flatMap(([source, value]) =>
    ['V40Vector', 'V3Vector', 'V2Vector'].flatMap((key) => {
      const vector = asString(asObject(value)?.[key]);
      return vector === undefined ? [] : [{ source, vector }];
    }),
  );
  const primary = asString(item['PrimaryURL']);
  return {
    outcome: 'fail',
    locations: known.locations,
    finding: vulnerabilityOf({
      id: asString(item['VulnerabilityID']) ?? '',
      aliases: asStrings(item['VendorIDs']),
      package: referenceOf(known),
      severity: asString(item['Severity']),
      ratedBy: asString(item['SeveritySource']),
      vectors,
      fixState: fixedVersions.length > 0 ? 'fixed' : (status ?? 'unknown'),
      fixedVersions,
      cwes: asStrings(item['CweIDs']),
      published: dateOf(item['PublishedDate']),
      modified: dateOf(item['LastModifiedDate']),
      urls: [...(primary === undefined ? [] : [primary]), ...asStrings(item['References'])],
      source: asString(asObject(item['DataSource'])?.['ID']) ?? 'trivy',
    }),
  };
}

const vexStatuses: readonly VexStatus[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];

function suppressionOf(modified: JsonObject): Suppression {
  const status = vexStatuses.find((word) => word === modified['Status']);
  return {
    by: status === undefined ? 'ignore' : 'vex',
    source: asString(modified['Source']) ?? '',
    reason: asString(modified['Statement']) ?? '',
    ...(status === undefined ? {} : { status }),
  };
}

function licenseOf(item: JsonObject, packages: PackageIndex): ReportedFinding {
  const name = asString(item['PkgName']) ?? '';
  const file = asString(item['FilePath']) ?? '';
  const known =
    packages.find('', name, '') ?? packages.add({ Name: name || file, ...(file === '' ? {} : { FilePath: file }) });
  const category = licenseCategories.find((word) => word === item['Category']) ?? 'unknown';
  const expression = asString(item['Name']) ?? '';
  const finding: LicenseFinding = {
    kind: 'license',
    expression,
    package: referenceOf(known),
    category,
    severity: parseSeverity(asString(item['Severity']) ?? '') ?? 'unknown',
    basis: 'category',
    reason: `its class is ${category}`,
  };
  const isHarmless = category === 'notice' || category === 'permissive' || category === 'unencumbered';
  return { finding, outcome: isHarmless ? 'pass' : 'fail', locations: known.locations };
}
