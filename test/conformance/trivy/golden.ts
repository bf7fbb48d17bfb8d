// SPDX-License-Identifier: Apache-2.0
// Compares a scan with a golden report of Trivy (JSON, schema 2). Equivalences:
// - of a folder, results are compared file by file; of an SBOM as one, because Trivy makes up targets (`Ruby`) for its packages;
// - packages are compared where the golden lists them, by the rules of packages.ts and mapping.ts;
// - lists of ours that the golden does not hold count only by their findings: we read kinds of files that Trivy passes over,
//   and a golden without a list of packages leaves out files without vulnerabilities;
// - fixed versions by the rule of scanned.ts; `SeveritySource` is the vendor whose rating counts.

import { packageSubject } from '../../../src/evidence/packages/record.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { PackageList } from '../../../src/model/package.ts';
import type { VulnerabilityDecision } from '../../../src/model/projection.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet, failed } from '../pack.ts';
import type { TrivyMapping } from './mapping.ts';
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

/** Where the equivalences of each of Trivy's types of results stand in mapping.ts. */
const analyzers: Readonly<Record<string, string>> = {
  npm: 'nodejs/npm',
  bun: 'nodejs/bun',
  yarn: 'nodejs/yarn',
  pnpm: 'nodejs/pnpm',
  gomod: 'golang/mod',
  pip: 'python/pip',
  pipenv: 'python/pipenv',
  poetry: 'python/poetry',
  uv: 'python/uv',
  pylock: 'python/pylock',
  pom: 'java/pom',
  gradle: 'java/gradle',
  sbt: 'java/sbt',
  conan: 'c/conan',
  'dotnet-core': 'dotnet/deps',
  nuget: 'dotnet/nuget',
  'packages-props': 'dotnet/packagesprops',
  swift: 'swift/swift',
  cocoapods: 'swift/cocoapods',
  pub: 'dart/pub',
  hex: 'elixir/mix',
  composer: 'php/composer/composer_test.go',
  cargo: 'rust/cargo',
  bundler: 'ruby/bundler',
};

export function compareReport(golden: JsonObject, scanned: Scanned, options: GoldenOptions): CaseResult {
  const results = asArray(golden['Results']).map((item) => asObject(item) ?? {});
  const lists = scanned.inspection.lists;
  if (options.isSbom) {
    const wanted = results.flatMap((result) => asArray(result['Vulnerabilities']).map((item) => asObject(item) ?? {}));
    return compareFindings(wanted, scanned.open, options.database);
  }
  const packages = results.map((result) => compareList(result, lists));
  const different = packages.find((result) => result?.outcome === 'failed');
  if (different !== undefined) return different;
  for (const path of new Set([
    ...results.map((result) => asString(result['Target']) ?? ''),
    ...lists.map((list) => list.path),
  ])) {
    const wanted = results
      .filter((result) => result['Target'] === path)
      .flatMap((result) => asArray(result['Vulnerabilities']).map((item) => asObject(item) ?? {}));
    const kinds = results.filter((result) => result['Target'] === path).map((result) => mappingOfType(result));
    const counted = kinds.length === 0 ? lists : lists.filter((list) => kinds.some((kind) => isOf(list, kind)));
    const result = compareFindings(wanted, findingsIn(path, counted, scanned.open), options.database);
    if (result.outcome === 'failed') return failed({ file: path, expected: result.expected }, result.actual);
  }
  return { outcome: 'passed' };
}

function mappingOfType(result: JsonObject): TrivyMapping | undefined {
  const analyzer = analyzers[asString(result['Type']) ?? ''];
  return analyzer === undefined ? undefined : mappingOf({ id: `pkg/fanal/analyzer/language/${analyzer}` });
}

function isOf(list: PackageList, mapping: TrivyMapping | undefined): boolean {
  return mapping === undefined || mapping.catalogers.includes(list.cataloger);
}

/** Undefined when the golden lists no packages. */
function compareList(result: JsonObject, lists: readonly PackageList[]): CaseResult | undefined {
  if (!('Packages' in result)) return undefined;
  const mapping = mappingOfType(result);
  const type = asString(result['Type']) ?? '';
  if (mapping === undefined) return failed(`packages of the type ${type}`, 'no mapping');
  const ours = lists.filter((list) => list.path === result['Target'] && isOf(list, mapping));
  const wanted = asArray(result['Packages']) as unknown as readonly WantedPackage[];
  const compared = comparePackages(
    wanted,
    ours.flatMap((list) => list.packages),
    {
      row: { id: type },
      mapping,
      dependencies: 'compared',
    },
  );
  return compared.outcome === 'failed'
    ? failed({ file: result['Target'], expected: compared.expected }, compared.actual)
    : compared;
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
    source: one['SeveritySource'],
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
