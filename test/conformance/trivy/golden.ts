// SPDX-License-Identifier: Apache-2.0
// Compares a scan with a golden report of Trivy (JSON, schema 2). Equivalences:
// - of a folder, results are compared file by file; of an SBOM as one, because Trivy makes up targets (`Ruby`) for its packages;
// - packages are compared where the golden lists them, by the rules of packages.ts and mapping.ts;
// - lists of ours by catalogers that stand for nothing Trivy reads in a source tree (installed packages, a go.sum without go.mod) do
//   not count; of the others that the golden leaves out only the findings do;
// - fixed versions by the rule of scanned.ts; `SeveritySource` is the vendor whose rating counts.

import { sourceOfTrivy } from '../../../src/advisories/trivy-buckets.ts';
import { packageSubject } from '../../../src/evidence/packages/record.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import type { PackageList } from '../../../src/model/package.ts';
import type { VulnerabilityDecision } from '../../../src/model/projection.ts';
import { licensesOf } from '../../../src/model/projection.ts';
import { json } from '../../../src/report/json.ts';
import type { ReportView } from '../../../src/report/report.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet, failed, passed } from '../pack.ts';
import { mappingOf } from './mapping.ts';
import type { WantedPackage } from './packages.ts';
import { comparePackages } from './packages.ts';
import type { Scanned } from './scanned.ts';
import { inTrivysWords, isSameFix } from './scanned.ts';
import type { TrivyDatabase } from './trivy-db.ts';

export interface GoldenOptions {
  readonly database: TrivyDatabase;
  readonly isSbom: boolean;
}

const analyzer = 'pkg/fanal/analyzer/language';
const parser = 'pkg/dependency/parser';

/** Where the equivalences of each of Trivy's types of results stand in mapping.ts. */
const kinds: Readonly<Record<string, string>> = {
  npm: `${analyzer}/nodejs/npm`,
  bun: `${analyzer}/nodejs/bun`,
  yarn: `${analyzer}/nodejs/yarn`,
  pnpm: `${analyzer}/nodejs/pnpm`,
  gomod: `${analyzer}/golang/mod`,
  pip: `${analyzer}/python/pip/`,
  pipenv: `${parser}/python/pipenv`,
  poetry: `${analyzer}/python/poetry`,
  uv: `${analyzer}/python/uv`,
  pylock: `${parser}/python/pylock`,
  pom: `${analyzer}/java/pom`,
  gradle: `${analyzer}/java/gradle`,
  sbt: `${analyzer}/java/sbt`,
  conan: `${analyzer}/c/conan`,
  'conda-environment': `${analyzer}/conda/environment`,
  'dotnet-core': `${analyzer}/dotnet/deps`,
  nuget: `${analyzer}/dotnet/nuget`,
  'packages-props': `${analyzer}/dotnet/packagesprops`,
  swift: `${analyzer}/swift/swift`,
  cocoapods: `${analyzer}/swift/cocoapods`,
  pub: `${analyzer}/dart/pub`,
  hex: `${analyzer}/elixir/mix`,
  composer: `${analyzer}/php/composer/composer_test.go`,
  cargo: `${analyzer}/rust/cargo`,
  bundler: `${parser}/ruby/bundler`,
  julia: `${analyzer}/julia/pkg`,
};

/** Catalogers that stand for what Trivy reads when it looks at a source tree. */
const compared: ReadonlySet<string> = new Set(
  Object.values(kinds).flatMap((id) => mappingOf({ id })?.catalogers ?? []),
);

export function compareReport(golden: JsonObject, scanned: Scanned, options: GoldenOptions): CaseResult {
  const results = asArray(golden['Results']).map((item) => asObject(item) ?? {});
  const lists = scanned.inspection.lists.filter((list) => compared.has(list.cataloger));
  if (options.isSbom) {
    return compareFindings(vulnerabilitiesOf(results), scanned.open, options.database);
  }
  for (const result of results) {
    const answer = compareList(result, lists);
    if (answer?.outcome === 'failed') return answer;
  }
  for (const path of new Set([...results.map((result) => result['Target']), ...lists.map((list) => list.path)])) {
    const wanted = vulnerabilitiesOf(results.filter((result) => result['Target'] === path));
    const answer = compareFindings(wanted, findingsIn(asString(path) ?? '', lists, scanned.open), options.database);
    if (answer.outcome === 'failed') return failed({ file: path, expected: answer.expected }, answer.actual);
  }
  return passed;
}

function vulnerabilitiesOf(results: readonly JsonObject[]): readonly JsonObject[] {
  return results.flatMap((result) => asArray(result['Vulnerabilities']).map((item) => asObject(item) ?? {}));
}

/** A report made of a report: packages by name, version, scope, edges and lines; findings, those taken out with status and statement. */
export function compareConverted(golden: JsonObject, view: ReportView): CaseResult {
  const written = JSON.parse(
    json.write(view, { width: undefined, color: false, showSuppressed: true, threshold: undefined }),
  ) as JsonObject;
  const wanted = asArray(golden['Results']).flatMap((item) => factsOfResult(asObject(item) ?? {}));
  const lists = asArray(written['lists']).map((item) => asObject(item) ?? {});
  const packages = lists.flatMap((list) =>
    asArray(list['packages']).map((item) => ({ list, item: asObject(item) ?? {} })),
  );
  const findings = ['findings', 'suppressed'].flatMap((key) =>
    asArray(written[key]).map((item) => asObject(item) ?? {}),
  );
  return expectSameSet(wanted, [
    ...packages.map(({ list, item }) => ({
      file: list['path'],
      package: item['id'],
      purl: item['purl'],
      relationship: item['relationship'],
      dependsOn: asStrings(item['dependsOn']),
      lines: asArray(item['locations']).map((at) => [asObject(at)?.['line'], asObject(at)?.['endLine']]),
    })),
    ...findings.map((item) => {
      const suppressed = asObject(item['suppressed']);
      return {
        id: item['id'],
        package: asObject(item['package'])?.['name'],
        version: asObject(item['package'])?.['version'],
        fixed: asStrings(item['fixedVersions']).join(', '),
        severity: String(item['severity']).toUpperCase(),
        source: String(item['severitySource']).replace(/^vendor:/, ''),
        cwes: asStrings(item['cwes']),
        ...(suppressed === undefined ? {} : { status: suppressed['status'] ?? 'ignored', from: suppressed['source'] }),
      };
    }),
  ]);
}

function factsOfResult(result: JsonObject): readonly unknown[] {
  const packages = asArray(result['Packages']).map((entry) => {
    const item = asObject(entry) ?? {};
    return {
      file: result['Target'],
      package: item['ID'],
      purl: asObject(item['Identifier'])?.['PURL'],
      relationship: item['Relationship'] ?? 'unknown',
      dependsOn: asStrings(item['DependsOn']),
      lines: asArray(item['Locations']).map((at) => [asObject(at)?.['StartLine'], asObject(at)?.['EndLine']]),
    };
  });
  const open = asArray(result['Vulnerabilities']).map((item) => findingFact(asObject(item) ?? {}));
  const modified = asArray(result['ExperimentalModifiedFindings']).map((entry) => {
    const item = asObject(entry) ?? {};
    return { ...findingFact(asObject(item['Finding']) ?? {}), status: item['Status'], from: item['Source'] };
  });
  return [...packages, ...open, ...modified];
}

function findingFact(item: JsonObject): object {
  return {
    id: item['VulnerabilityID'],
    package: item['PkgName'],
    version: item['InstalledVersion'],
    fixed: item['FixedVersion'] ?? '',
    severity: item['Severity'],
    source: item['SeveritySource'] ?? 'none',
    cwes: asStrings(item['CweIDs']),
  };
}

/** Every licence of every package, with its class: Trivy reports harmless ones too, which are decisions that pass here. */
export function compareLicenses(golden: JsonObject, scanned: Scanned): CaseResult {
  const results = asArray(golden['Results']).map((item) => asObject(item) ?? {});
  const wanted = results
    .flatMap((result) => asArray(result['Licenses']).map((item) => asObject(item) ?? {}))
    .map((one) => ({ name: one['PkgName'], license: one['Name'], class: one['Category'], severity: one['Severity'] }));
  const { open, allowed } = licensesOf(scanned.inspection.graph);
  const ours = [...open, ...allowed].map(({ finding }) => ({
    name: finding.package.name,
    license: finding.expression,
    class: finding.category,
    severity: finding.severity.toUpperCase(),
  }));
  return expectSameSet(wanted, ours);
}

/** Undefined when the golden lists no packages. */
function compareList(result: JsonObject, lists: readonly PackageList[]): CaseResult | undefined {
  if (!('Packages' in result)) return undefined;
  const type = asString(result['Type']) ?? '';
  const mapping = mappingOf({ id: kinds[type] ?? '' });
  if (mapping === undefined) return failed(`packages of the type ${type}`, 'no mapping');
  const ours = lists.filter((list) => list.path === result['Target'] && mapping.catalogers.includes(list.cataloger));
  const wanted = asArray(result['Packages']) as unknown as readonly WantedPackage[];
  const answer = comparePackages(
    wanted,
    ours.flatMap((list) => list.packages),
    {
      row: { id: type },
      mapping,
      dependencies: wanted.some((item) => 'DependsOn' in item) ? 'compared' : 'unstated',
    },
  );
  return answer.outcome === 'failed'
    ? failed({ file: result['Target'], expected: answer.expected }, answer.actual)
    : answer;
}

/** Findings of packages that a file lists. */
function findingsIn(
  path: string,
  lists: readonly PackageList[],
  open: readonly VulnerabilityDecision[],
): readonly VulnerabilityDecision[] {
  const packages = lists.filter((list) => list.path === path).flatMap((list) => list.packages);
  const subjects = new Set(packages.map((item) => packageSubject(item).id));
  return open.filter((item) => subjects.has(item.decision.subject));
}

export function compareFindings(
  wanted: readonly JsonObject[],
  open: readonly VulnerabilityDecision[],
  database: TrivyDatabase,
): CaseResult {
  const left = wanted.map((one) => ({
    id: one['VulnerabilityID'],
    name: one['PkgName'],
    version: one['InstalledVersion'],
    fixed: true,
    status: one['Status'],
    severity: one['Severity'],
    source: typeof one['SeveritySource'] === 'string' ? sourceOfTrivy(one['SeveritySource']) : undefined,
    purl: plainPurl(asString(asObject(one['PkgIdentifier'])?.['PURL'])),
  }));
  const right = open.map(({ finding }) => {
    const { name, version, purl } = finding.package;
    const one = wanted.find((item) => item['VulnerabilityID'] === finding.id && item['PkgName'] === name);
    return {
      id: finding.id,
      name,
      version,
      fixed: one === undefined || isSameFix(finding, asString(one['FixedVersion']) ?? '', database),
      ...inTrivysWords(finding),
      purl: plainPurl(purl),
    };
  });
  return expectSameSet(left, right);
}

/** Without qualifiers: which of them a tool writes differs (architecture, distribution). */
function plainPurl(purl: string | undefined): string | undefined {
  return purl?.replace(/\?.*$/, '');
}
