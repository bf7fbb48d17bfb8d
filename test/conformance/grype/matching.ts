// SPDX-License-Identifier: Apache-2.0
// Grype's tables on matching: which vulnerabilities of a database concern a package. Each row goes through matchPackages, or through the
// part of a matcher that judges one entry.
import { fileURLToPath } from 'node:url';
import { isOfArchitecture } from '../../../src/advisories/architectures.ts';
import { type OpenDatabase, openDatabase } from '../../../src/advisories/database/open.ts';
import { pinnedTrust } from '../../../src/advisories/database/trusted-keys.ts';
import { releasesOf } from '../../../src/advisories/distributions.ts';
import { isPastSupport } from '../../../src/advisories/end-of-life.ts';
import { extendedReleases, proRelease } from '../../../src/advisories/extended-support.ts';
import { formatGoImport, holdsVulnerableSymbol, mergeGoImports } from '../../../src/advisories/go-symbols.ts';
import type { AdvisoryLookup } from '../../../src/advisories/lookup.ts';
import { type MatchResult, matchPackages } from '../../../src/advisories/match.ts';
import { cpe as cpeMatcher } from '../../../src/advisories/matchers/cpe.ts';
import { matcherOf } from '../../../src/advisories/matchers/index.ts';
import { isQueries } from '../../../src/advisories/matchers/matcher.ts';
import { memoryLookup } from '../../../src/advisories/memory-lookup.ts';
import { isPossiblePlatform } from '../../../src/advisories/platforms.ts';
import { contains, matchRange } from '../../../src/advisories/ranges.ts';
import { supplierOf } from '../../../src/advisories/suppliers.ts';
import { isOfTarget } from '../../../src/advisories/target-software.ts';
import { orderOf, orderOfEcosystem } from '../../../src/advisories/versions/index.ts';
import { parseCpe } from '../../../src/formats/cpe.ts';
import { compileGlob } from '../../../src/formats/glob.ts';
import { readIgnoreFile } from '../../../src/formats/ignore-file.ts';
import { storedFolder } from '../../../src/io/stored-files.ts';
import type { Advisory, AffectedPackage } from '../../../src/model/advisory.ts';
import { type Distribution, type Package, packageOf } from '../../../src/model/package.ts';
import { decide } from '../../../src/verdict/decide.ts';
import { applyIgnores } from '../../../src/verdict/exceptions.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import {
  advisoryOf,
  advisoryOfVulnerability,
  constraintOf,
  ecosystemOfGrypeNamespace,
  packageOfGrype,
} from './advisories.ts';
import {
  allRows,
  type Context,
  callOf,
  casesFor,
  fields,
  functionOf,
  list,
  plain,
  type Row,
  type Runners,
  skipped,
  text,
  texts,
} from './rows.ts';
import { distributionOf, ecosystemOfType, fixStateOf, orderOfFormat, purlTypeOf, severityOf } from './vocabulary.ts';

const snapshotFolder = fileURLToPath(new URL('../../../data/advisories', import.meta.url));
let snapshot: OpenDatabase | undefined;

/** The database that ships with the program. */
function shipped(): AdvisoryLookup {
  snapshot ??= openDatabase([{ kind: 'published', folder: storedFolder(snapshotFolder) }], {
    now: '2026-09-01T00:00:00Z',
    trust: pinnedTrust,
  });
  return snapshot;
}

function match(items: readonly Package[], lookup: AdvisoryLookup, distribution?: Distribution): MatchResult {
  const list = {
    cataloger: 'grype',
    path: 'rows',
    ecosystem: 'x',
    kind: 'installed' as const,
    packages: items,
    ...(distribution === undefined ? {} : { distribution }),
  };
  return matchPackages([{ list, subjectOf: ({ id }) => id }], lookup);
}

/** Ids of all advisories that matched. */
function advisoryIds(result: MatchResult): readonly string[] {
  return [...new Set(result.findings.flatMap((finding) => finding.matches.map((one) => one.advisory)))];
}

function unaffected(parts: Partial<AffectedPackage>): AffectedPackage {
  return { ecosystem: 'rpm', name: 'a', order: 'rpm', ranges: [], versions: [], fixState: 'not-affected', ...parts };
}

const qualifiers: Runners = {
  'grype/pkg/qualifier/architecture/qualifier_test.go#TestArchitecture_Satisfied': (row) =>
    expectEqual(
      row['want'] ?? false,
      isOfArchitecture({ architectures: [text(row['qualifierArch'])], fixState: 'unknown' }, text(row['pkgArch'])),
    ),
  'grype/pkg/qualifier/architecture/qualifier_test.go#TestUnaffectedArchitecture_Satisfied': (row) =>
    expectEqual(
      row['want'] ?? false,
      isOfArchitecture({ architectures: [text(row['qualifierArch'])], fixState: 'not-affected' }, text(row['pkgArch'])),
    ),
  'grype/pkg/qualifier/gosymbols/qualifier_test.go#TestGoSymbolsQualifier_Satisfied': (row) => {
    const imports = list(row['imports']).map((one) => ({
      path: text(fields(one)['Path']),
      symbols: texts(fields(one)['Symbols']),
    }));
    const affected = unaffected({ importPaths: imports.map(formatGoImport) });
    return expectEqual(row['satisfied'] ?? false, holdsVulnerableSymbol(affected, packageOfGrype(row['pkg'])));
  },
  'grype/pkg/qualifier/platformcpe/qualifier_test.go#TestPlatformCPE_Satisfied': (row) => {
    const platform = text(callOf(row['platformCPE'])?.args[0]);
    const distribution = distributionOf(fields(row['pkg'])['Distro']);
    return expectEqual(row['satisfied'] ?? false, isPossiblePlatform(platform, distribution));
  },
  'grype/pkg/qualifier/rootio/qualifier_test.go#TestRootIO_Satisfied': (row) => {
    const item = packageOfGrype(row['pkg']);
    const supplier = supplierOf(ecosystemOfType(fields(row['pkg'])['Type']), item.name, item.version);
    return expectEqual(row['want'] ?? false, supplier?.ecosystem.startsWith('Root:') ?? false);
  },
  'grype/pkg/qualifier/rpmmodularity/qualifier_test.go#TestRpmModularity_Satisfied': (row) => {
    const modularity = text(callOf(row['rpmModularity'])?.args[0]);
    const given = fields(row['pkg']);
    const item = packageOfGrype({ ...given, Type: 'RpmPkg' });
    const affected = unaffected({ modularity, fixState: 'unknown' });
    return expectEqual(
      row['satisfied'] ?? false,
      matcherOf('rpm')?.concerns?.(affected, item, distributionOf(given['Distro'])) ?? true,
    );
  },
  'grype/db/v6/build/govulndb_merge_test.go#TestGoVulnDBMerge_SharedImportPathUnionsSymbols': (row) => {
    const imports = [row['first'], row['second']].map((one) => ({
      path: text(fields(one)['Path']),
      symbols: texts(fields(one)['Symbols']),
    }));
    const expected = list(row['want']).map((one) => ({
      path: text(fields(one)['Path']),
      symbols: texts(fields(one)['Symbols']),
    }));
    return expectEqual(expected, mergeGoImports(imports));
  },
  'grype/matcher/internal/only_vulnerable_targets_test.go#TestIsVulnerableTarget': (row) => {
    const item = packageOfGrype(row['pkg']);
    const names = (values: readonly string[]) => values.map(parseCpe).filter((name) => name !== undefined);
    const vulnerable = names(texts(plain(fields(row['vuln'])['CPEs'])));
    return expectEqual(row['expectedMatches'] ?? false, isOfTarget(item, names(item.cpes ?? []), vulnerable));
  },
};

/** Vulnerabilities that the rows of one function expect to find by CPE. */
function cpeDatabase({ siblings }: Context): AdvisoryLookup {
  const found = new Map<string, Advisory>();
  for (const row of siblings) {
    for (const expected of list(row['expected'])) {
      const details = list(fields(expected)['Details']).map((detail) => fields(fields(detail)['Found']));
      for (const detail of details) {
        const id = text(detail['VulnerabilityID']);
        const known = found.get(id)?.affected[0]?.cpes ?? [];
        const cpes = [...new Set([...known, ...texts(detail['CPEs'])])];
        found.set(
          id,
          advisoryOf({
            id,
            ecosystem: 'CPE',
            name: productOf(cpes),
            constraint: constraintOf(detail['VersionConstraint']),
            cpes,
          }),
        );
      }
    }
  }
  return memoryLookup([...found.values()]);
}

function productOf(cpes: readonly string[]): string {
  return cpes.map(parseCpe).find((cpe) => cpe !== undefined)?.product ?? '';
}

/** What the matcher by CPE finds, also for packages that other matchers answer for. */
function findByCpe(item: Package, lookup: AdvisoryLookup): readonly string[] {
  const queries = cpeMatcher.queries(item, undefined);
  if (!isQueries(queries)) return [];
  return queries.flatMap((query) =>
    lookup
      .find(query.ecosystem, query.name)
      .filter(({ affected }) => cpeMatcher.concerns?.(affected, item, undefined) !== false)
      .filter(({ affected }) => {
        const order = orderOf(affected.order) ?? orderOfEcosystem('CPE');
        return matchRange(affected, query.version, order) !== undefined;
      })
      .map(({ advisory }) => advisory.id),
  );
}

const byCpe: Runners = {
  'grype/matcher/internal/cpe_test.go#TestFindMatchesByPackageCPE': (row, context) => {
    const expected = list(row['expected']).map((one) =>
      text(fields(fields(fields(one)['Vulnerability'])['Reference'])['ID']),
    );
    return expectSameSet(expected, [...new Set(findByCpe(packageOfGrype(row['p']), cpeDatabase(context)))]);
  },
  'grype/db/v6/vulnerability_provider_test.go#Test_FindVulnerabilitiesByCPE': (row, { siblings }) => {
    const all = siblings.flatMap((one) => list(one['expected']));
    const advisories = all.map((one) => advisoryOfVulnerability(one, { ecosystem: 'CPE' }));
    const unique = new Map(advisories.map((one) => [one.id, one]));
    const item = packageOf({ name: 'x', version: '0.0.1', type: 'generic', cpes: [text(plain(row['cpe']))] });
    const expected = list(row['expected']).map((one) => text(fields(fields(one)['Reference'])['ID']));
    return expectSameSet(expected, findByCpe(item, memoryLookup([...unique.values()])));
  },
};

/** Matches that a row of `wantMatches` or `expected` holds. */
function matchesIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const call = callOf(value);
  return (call?.args ?? list(value)).map((item) => fields(fields(item)['Match'] ?? item));
}

function detailsIn(matches: readonly Readonly<Record<string, unknown>>[]): readonly Advisory[] {
  return matches.flatMap((one) =>
    list(one['Details']).map((detail) => {
      const found = fields(fields(detail)['Found']);
      const searched = fields(fields(detail)['SearchedBy']);
      const namespace = text(searched['Namespace']);
      const cpes = texts(found['CPEs']);
      const ecosystem = ecosystemOfGrypeNamespace(namespace);
      return advisoryOf({
        id: text(found['VulnerabilityID']),
        aliases: aliasesIn(one, text(found['VulnerabilityID'])),
        ecosystem,
        name: ecosystem === 'CPE' ? productOf(cpes) : text(fields(searched['Package'])['Name']),
        constraint: constraintOf(found['VersionConstraint']),
        cpes,
      });
    }),
  );
}

/** Names of one vulnerability, as far as a match tells. */
function aliasesIn(one: Readonly<Record<string, unknown>>, id: string): readonly string[] {
  const vulnerability = fields(one['Vulnerability']);
  const related = list(vulnerability['RelatedVulnerabilities']).map((item) => text(fields(item)['ID']));
  return [text(fields(vulnerability['Reference'])['ID']), ...related].filter((name) => name !== id && name !== '');
}

/** Each vulnerability once, under its CVE. */
function vulnerabilityNames(
  matches: readonly Readonly<Record<string, unknown>>[],
  known: readonly Advisory[],
): readonly string[] {
  const names = matches.map((one) => {
    const id = text(fields(fields(one['Vulnerability'])['Reference'])['ID']);
    const aliases = known.filter((advisory) => advisory.id === id).flatMap((advisory) => advisory.aliases);
    return [id, ...aliases].find((name) => name.startsWith('CVE-')) ?? id;
  });
  return [...new Set(names)];
}

const byName: Runners = {
  'grype/vulnerability_matcher_test.go#TestVulnerabilityMatcher_FindMatches': (row, { siblings }) => {
    const all = siblings.flatMap((one) => [...matchesIn(one['wantMatches']), ...matchesIn(one['wantIgnoredMatches'])]);
    const advisories = new Map(
      detailsIn(all).map((advisory) => [`${advisory.id} ${advisory.affected[0]?.ecosystem}`, advisory]),
    );
    const given = fields(list(fields(row['args'])['pkgs'])[0]);
    const item = packageOfGrype(given);
    const found = match([item], memoryLookup([...advisories.values()]), distributionOf(given['Distro'])).findings;
    const entries = list(fields(row['fields'])['IgnoreRules']).map((rule) => ({
      vulnerability: fields(rule)['Vulnerability'],
    }));
    const { rules } = readIgnoreFile(JSON.stringify({ ignore: entries }), '.grype.yaml');
    const decisions = found.map(
      (finding) =>
        ({
          rule: finding.id,
          subject: 's',
          outcome: 'fail',
          severity: 'unknown',
          message: '',
          locations: [],
          evidence: [],
          finding,
        }) as const,
    );
    const applied = applyIgnores(decisions, rules, { now: '2026-01-01T00:00:00Z', compileGlob }).decisions;
    const left = found.filter((_finding, index) => applied[index]?.suppressed === undefined);
    const wanted = vulnerabilityNames(matchesIn(row['wantMatches']), [...advisories.values()]);
    const ignored = vulnerabilityNames(matchesIn(row['wantIgnoredMatches']), [...advisories.values()]);
    return expectEqual(
      { left: wanted, ignored: ignored.filter((id) => !wanted.includes(id)) },
      { left: left.map((one) => one.id), ignored: found.filter((one) => !left.includes(one)).map((one) => one.id) },
    );
  },
  'grype/matcher/internal/distro_test.go#TestFindMatchesByPackageDistro': distroRow,
  'grype/matcher/internal/distro_test.go#TestFindMatchesByPackageDistroSles': distroRow,
  'grype/matcher/pacman/matcher_test.go#TestMatch': () =>
    skipped('the constraint of the mock database is not in the row'),
  'grype/matcher/internal/distro_test.go#TestMatchPackageByDistroWithIgnoreRules': (row) => {
    const owner = packageOfGrype(row['pkg']);
    const distribution = distributionOf(fields(row['pkg'])['Distro']);
    const advisories = list(row['vulnerabilities']).map((one) => advisoryOfVulnerability(one));
    // A Python package among the files of the operating system's package, affected by all of the vulnerabilities.
    const inner = packageOf({ id: 'inner', name: 'inner', version: '1', type: 'pypi', ownedBy: [owner.id] });
    const everywhere = advisories.map((one) =>
      advisoryOf({
        id: one.id,
        ecosystem: 'PyPI',
        name: 'inner',
        constraint: { text: '', order: orderOfFormat('python') },
      }),
    );
    // Amazon Linux is none of the distributions that hide what they own altogether; its word still counts.
    const system = distribution === undefined ? undefined : { ...distribution, id: 'amzn', versionId: '2' };
    const moved = advisories.map((one) => ({
      ...one,
      affected: one.affected.map((item) => ({ ...item, ecosystem: 'Amazon Linux:2' })),
    }));
    const { findings } = match([owner, inner], memoryLookup([...moved, ...everywhere]), system);
    const open = (name: string) => findings.filter((one) => one.package.name === name).map((one) => one.id);
    const ignored = everywhere.map((one) => one.id).filter((id) => !open('inner').includes(id));
    return expectEqual(
      [texts(row['expectedIgnoreVulnIDs']), texts(row['expectedMatchIDs'])],
      [ignored, row['expectedMatchIDs'] === undefined ? [] : open(owner.name)],
    );
  },
  'grype/vulnerability_matcher_test.go#TestVulnerabilityMatcher_APKNakByOwnership': (row) => {
    const owner = packageOfGrype(row['apkPkg']);
    const related = list(
      fields(fields(row['pythonPkg'])['RelatedPackages'])['$artifact.OwnershipByFileOverlapRelationship'],
    );
    const inner = packageOfGrype(row['pythonPkg']);
    const item = { ...inner, ...(related.length === 0 ? {} : { ownedBy: [owner.id] }) };
    const order = orderOfFormat('python');
    // The distribution says that its package was never affected; GitHub lists all versions before the one after it.
    const advisories = [
      advisoryOf({
        id: 'GHSA-1',
        aliases: ['CVE-1'],
        ecosystem: 'PyPI',
        name: inner.name,
        constraint: { text: '', order },
      }),
      advisoryOf({
        id: 'CVE-1',
        ecosystem: 'Wolfi',
        name: owner.name,
        constraint: { text: '', order: orderOfFormat('apk') },
        fixState: 'not-affected',
      }),
    ];
    const { findings } = match([owner, item], memoryLookup(advisories), {
      id: 'wolfi',
      idLike: [],
      versionId: '',
      name: 'Wolfi',
    });
    return expectEqual(row['wantMatchCount'] ?? 0, findings.length);
  },
  'grype/db/v6/vulnerability_provider_test.go#Test_FindVulnerabilitiesByEcosystem_UnknownPackageType': (
    row,
    { siblings },
  ) => {
    const ids = [...new Set(siblings.flatMap((one) => texts(one['expectedIDs'])))];
    const lookup = memoryLookup(
      ids.map((id) => advisoryOf({ id, ecosystem: 'NuGet', name: text(row['packageName']), constraint: undefined })),
    );
    const item = packageOf({ name: text(row['packageName']), version: '1.0.0', type: purlTypeOf(row['packageType']) });
    return expectSameSet(texts(row['expectedIDs']), advisoryIds(match([item], lookup)));
  },
  'grype/db/v6/vulnerability_provider_test.go#Test_FindVulnerabilitiesNormalization': (row) => {
    const lookup = memoryLookup([
      advisoryOf({ id: 'GHSA-1', ecosystem: 'NuGet', name: 'Newtonsoft.Json', constraint: undefined }),
    ]);
    const item = packageOf({ name: text(row['packageName']), version: '1.0.0', type: purlTypeOf(row['packageType']) });
    return expectEqual(row['expectedResults'] ?? 0, match([item], lookup).findings.length);
  },
};

function distroRow(row: Row): CaseResult {
  const expected = matchesIn(row['expected']);
  const given = fields(fields(expected[0])['Package']);
  const searched = fields(fields(list(fields(expected[0])['Details'])[0])['SearchedBy']);
  const found = match(
    [packageOfGrype(given)],
    memoryLookup(detailsIn(expected)),
    distributionOf(searched['Distro']),
  ).findings;
  return expectEqual(
    vulnerabilityNames(expected, []),
    found.map((finding) => finding.id),
  );
}

interface Stated {
  readonly state: string;
  readonly versions: readonly string[];
}

/** Streams of extended support: what the release says, what the stream says, and what comes of both. */
function overlayRow(row: Row, base: Distribution): CaseResult {
  const type = base.id === 'ubuntu' ? 'deb' : 'rpm';
  const releases = releasesOf(base);
  const [ecosystem = ''] = releases;
  const [stream = ''] = extendedReleases(base, releases);
  const advisories = [...statements(row['disclosures'], ecosystem), ...statements(row['advisoryOverlay'], stream)];
  const item = packageOf({ name: 'a', version: text(row['packageVersion']), type });
  const lookup = memoryLookup(advisories, { covered: [ecosystem, stream] });
  const actual = match([item], lookup, base).findings.map(
    (one): Stated => ({ state: one.fixState, versions: one.fixedVersions }),
  );
  const expected = list(row['want']).flatMap((result) =>
    list(fields(result)['Vulnerabilities']).map((one): Stated => {
      const fix = fields(fields(one)['Fix']);
      return { state: fixStateOf(fix['State']), versions: texts(fix['Versions']).toSorted() };
    }),
  );
  return expectEqual(
    expected,
    actual.map((one) => ({ ...one, versions: one.versions.toSorted() })),
  );
}

/** A vulnerability without constraint states nothing that could be compared. Each of its fixes is a range of its own. */
function statements(results: unknown, ecosystem: string): readonly Advisory[] {
  return list(results).flatMap((result) =>
    list(fields(result)['Vulnerabilities']).flatMap((one) => {
      const constraint = constraintOf(fields(one)['Constraint']);
      if (constraint === undefined) return [];
      const id = text(fields(fields(one)['Reference'])['ID']);
      const fix = fields(fields(one)['Fix']);
      const fixState = fixStateOf(fix['State']);
      const whole = advisoryOf({ id, ecosystem, name: 'a', constraint, fixState });
      const others =
        fixState === 'fixed'
          ? texts(fix['Versions']).filter((version) => version !== '' && !constraint.text.includes(version))
          : [];
      const more = others.map((version) =>
        advisoryOf({ id, ecosystem, name: 'a', constraint: { ...constraint, text: `< ${version}` }, fixState }),
      );
      return [whole, ...more];
    }),
  );
}

const streams: Runners = {
  'grype/matcher/dpkg/ubuntu_esm_test.go#TestResolveESMDisclosures': (row) =>
    overlayRow(row, { id: 'ubuntu', idLike: [], versionId: '16.04', name: 'Ubuntu', channels: ['esm'] }),
  'grype/matcher/rpm/rhel_eus_test.go#TestResolveEUSDisclosures': (row) =>
    overlayRow(row, { id: 'rhel', idLike: [], versionId: '9.4', name: 'RHEL', channels: ['eus'] }),
};

interface SupplierTable {
  readonly type: string;
  readonly ecosystem: string;
  readonly distribution?: Distribution;
}

/**
 * Root.io's rebuilds. The fixture database is not in the pack; the rows name the versions that are a fix ("at rootio fix", "at upstream
 * fix"), so the advisories are made of those. What no row names has no fix.
 */
function supplierRow(row: Row, { siblings }: Context, table: SupplierTable): CaseResult {
  const plainName = (one: Row): string => text(one['pkgName']).replace(/^(?:rootio-|@rootio\/)/, '');
  const original = plainName(row);
  const same = siblings.filter((one) => plainName(one) === original);
  const isTheirs = (one: Row): boolean => text(one['pkgName']) !== original || /root\.io/.test(text(one['pkgVersion']));
  const idsOf = (one: Row): readonly string[] =>
    [
      text(one['expectCVE']),
      text(one['expectGHSA']),
      ...texts(one['expectFixedCVEs']),
      ...texts(one['expectSuppressIDs']),
    ].filter((id) => id !== '');
  const ids = [...new Set(same.flatMap(idsOf))];
  const own = ids.filter((id) => !id.startsWith('ROOT-'));
  const resolved = (one: Row): boolean =>
    one['expectFixedCVEs'] !== undefined || one['expectSuppressIDs'] !== undefined;
  const upstreamFix = same.find((one) => resolved(one) && !isTheirs(one));
  const supplierFix = same.find((one) => resolved(one) && isTheirs(one));
  const order = orderOfEcosystem(table.ecosystem);
  const advisory = (ecosystem: string, name: string, fix: Row | undefined): Advisory =>
    advisoryOf({
      id: own[0] ?? 'X-1',
      aliases: ids.filter((id) => id !== own[0]),
      ecosystem,
      name,
      constraint: { text: fix === undefined ? '' : `< ${text(fix['pkgVersion'])}`, order },
    });
  const advisories = [
    advisory(table.ecosystem, original, upstreamFix),
    ...(supplierFix === undefined
      ? []
      : [advisory(`Root:${table.ecosystem}`, text(supplierFix['pkgName']), supplierFix)]),
  ];
  const item = packageOf({ name: text(row['pkgName']), version: text(row['pkgVersion']), type: table.type });
  const lookup = memoryLookup(advisories, { covered: [table.ecosystem, `Root:${table.ecosystem}`] });
  const found = match([item], lookup, table.distribution).findings.flatMap((one) => [one.id, ...one.aliases]);
  const wanted = [text(row['expectCVE']), text(row['expectGHSA'])].filter((id) => id !== '');
  const expected = wanted.length > 0 ? wanted : [];
  return expectEqual([expected, resolved(row)], [found.filter((id) => wanted.includes(id)), found.length === 0]);
}

const ubuntu2204: Distribution = { id: 'ubuntu', idLike: [], versionId: '22.04', name: 'Ubuntu' };
const debian12: Distribution = { id: 'debian', idLike: [], versionId: '12', name: 'Debian' };

/**
 * Ubuntu's extended maintenance. The fixture database is not in the pack: a fix that a row expects is a fix of the stream when its
 * version is marked `esm`, else of the release; what has none is listed without a fix.
 */
function maintenanceRow(row: Row, { root }: Context): CaseResult {
  const file = 'grype/matcher/dpkg/matcher_ubuntu_esm_test.go';
  const all = allRows(root).filter((one) =>
    [`${file}#TestUbuntuESM_VulnerableCases`, `${file}#TestUbuntuESM_FixedCases`].includes(functionOf(one)),
  );
  const distribution = systemOf(row);
  if (distribution === undefined) return skipped('the distribution of the row was left as another call');
  const releases = releasesOf(distribution);
  const [release = ''] = releases;
  const [stream = ''] = proRelease(release);
  const source = sourceNameOf(row);
  const cve = text(row['expectCVE']);
  const order = orderOfFormat('deb');
  const same = all.filter(
    (one) =>
      sourceNameOf(one) === source &&
      text(one['expectCVE']) === cve &&
      releasesOf(systemOf(one) ?? distribution)[0] === release,
  );
  const fixes = [
    ...new Set(
      same.flatMap((one) => [
        ...texts(one['expectFixes']),
        ...(one['expectFixes'] === undefined && one['expectState'] === undefined ? [text(one['pkgVersion'])] : []),
      ]),
    ),
  ];
  const byStream = fixes.filter((fix) => fix.includes('esm'));
  const byRelease = fixes.filter((fix) => !fix.includes('esm'));
  const statement = (ecosystem: string, fix: string | undefined): Advisory =>
    advisoryOf({
      id: cve,
      ecosystem,
      name: source,
      constraint: { text: fix === undefined ? '' : `< ${fix}`, order },
      fixState: fix === undefined ? 'not-fixed' : 'fixed',
    });
  const advisories = [statement(release, byRelease[0]), ...byStream.map((fix) => statement(stream, fix))];
  const upstream = text(row['upstreamName']);
  const item = packageOf({
    name: text(row['pkgName']),
    version: text(row['pkgVersion']),
    type: 'deb',
    ...(upstream === '' ? {} : { sources: [{ name: upstream, version: text(row['upstreamVer']) }] }),
  });
  const finding = match([item], memoryLookup(advisories, { covered: [release, stream] }), distribution).findings[0];
  if (row['expectState'] === undefined) return expectEqual(undefined, finding?.id);
  return expectEqual(
    [cve, fixStateOf(row['expectState']), texts(row['expectFixes'])],
    [finding?.id, finding?.fixState, finding?.fixedVersions],
  );
}

function sourceNameOf(row: Row): string {
  return text(row['upstreamName']) || text(row['pkgName']);
}

/** `newESMDistro("16.04")` or a constant such as `dbtest.Ubuntu1804`. */
function systemOf(row: Row): Distribution | undefined {
  const [, year, month] = /Ubuntu(\d{2})(\d{2})$/.exec(text(row['d'])) ?? [];
  if (year !== undefined) return { id: 'ubuntu', idLike: [], versionId: `${year}.${month}`, name: 'Ubuntu' };
  return distributionOf(row['d']);
}

/** Names with and without scope are two packages: each name that a row expects to match has an advisory of its own. */
function scopeRow(row: Row, { siblings }: Context): CaseResult {
  const lookup = memoryLookup(
    siblings
      .filter((one) => one['expectMatch'] === true)
      .map((one, index) =>
        advisoryOf({
          id: `GHSA-${index}`,
          ecosystem: 'npm',
          name: text(one['pkgName']),
          constraint: { text: '', order: orderOfFormat('semver') },
        }),
      ),
    { covered: ['npm'] },
  );
  const item = packageOf({ name: text(row['pkgName']), version: '1.0.0', type: 'npm' });
  return expectEqual(row['expectMatch'] ?? false, match([item], lookup).findings.length === 1);
}

const rebuilt: Runners = {
  'grype/matcher/javascript/rootio_test.go#TestMatcherJavaScript_RootIO': (row, context) =>
    supplierRow(row, context, { type: 'npm', ecosystem: 'npm' }),
  'grype/matcher/python/rootio_test.go#TestMatcherPython_RootIO': (row, context) =>
    supplierRow(row, context, { type: 'pypi', ecosystem: 'PyPI' }),
  'grype/matcher/dpkg/rootio_test.go#TestMatcherDpkg_RootIO_Ubuntu': (row, context) =>
    supplierRow(row, context, { type: 'deb', ecosystem: 'Ubuntu:22.04:LTS', distribution: ubuntu2204 }),
  'grype/matcher/dpkg/rootio_test.go#TestMatcherDpkg_RootIO_Debian': (row, context) =>
    supplierRow(row, context, { type: 'deb', ecosystem: 'Debian:12', distribution: debian12 }),
  'grype/matcher/dpkg/matcher_ubuntu_esm_test.go#TestUbuntuESM_VulnerableCases': maintenanceRow,
  'grype/matcher/dpkg/matcher_ubuntu_esm_test.go#TestUbuntuESM_FixedCases': maintenanceRow,
  'grype/matcher/javascript/matcher_test.go#TestMatcher_ScopedAndUnscopedNames': scopeRow,
  'grype/matcher/javascript/matcher_test.go#TestMatcher_ScopeStreamsDoNotCross': (row) => {
    const name = text(row['pkgName']);
    const other = name.startsWith('@') ? name.replace(/^@[^/]*\//, '') : `@scope/${name}`;
    const constraint = { text: '', order: orderOfFormat('semver') };
    const lookup = memoryLookup([
      advisoryOf({ id: text(row['expectGHSAID']), ecosystem: 'npm', name, constraint }),
      advisoryOf({ id: text(row['forbidGHSAID']), ecosystem: 'npm', name: other, constraint }),
    ]);
    const item = packageOf({ name, version: text(row['pkgVersion']), type: 'npm' });
    return expectEqual([row['expectGHSAID']], advisoryIds(match([item], lookup)));
  },
};

/** Of what the shipped database finds, the advisories that the rows of the function speak of. */
function shippedRow(
  row: Row,
  context: Context,
  of: { readonly keys: readonly string[]; readonly type: string; readonly versionKey: string },
): CaseResult {
  const spoken = context.siblings.flatMap((one) =>
    of.keys.flatMap((key) => (typeof one[key] === 'string' ? [text(one[key])] : texts(one[key]))),
  );
  const item = packageOf({ name: text(row['pkgName']), version: text(row[of.versionKey]), type: of.type });
  const result = match([item], shipped());
  const named = result.findings.flatMap((one) => [
    one.id,
    ...one.aliases,
    ...one.matches.map((matched) => matched.advisory),
  ]);
  const wanted = of.keys.flatMap((key) => (typeof row[key] === 'string' ? [text(row[key])] : texts(row[key])));
  return expectSameSet(
    wanted,
    [...new Set(named)].filter((id) => spoken.includes(id)),
  );
}

const realData: Runners = {
  'grype/matcher/bitnami/matcher_test.go#TestMatcher': (row, context) =>
    shippedRow(row, context, { keys: ['expected'], type: 'bitnami', versionKey: 'version' }),
  'grype/matcher/golang/govulndb_test.go#TestMatcherGolang_GoVulnDB': (row, context) =>
    shippedRow(row, context, { keys: ['expectIDs'], type: 'golang', versionKey: 'pkgVersion' }),
  'grype/matcher/golang/govulndb_test.go#TestMatcherGolang_GoVulnDB_GolangOrgX': (row, context) =>
    shippedRow(row, context, { keys: ['expectIDs'], type: 'golang', versionKey: 'pkgVersion' }),
  'grype/matcher/python/matcher_test.go#TestMatcher_PEP503Normalization': (row, context) =>
    shippedRow(row, context, { keys: ['expectGHSAID'], type: 'pypi', versionKey: 'pkgVersion' }),
};

const ranges: Runners = {
  'grype/db/v6/vulnerability_test.go#Test_getVersionConstraint': (row) => {
    const stated = list(row['ranges']).map((one) => fields(fields(one)['Version']));
    const order = orderOfFormat(stated[0]?.['Type']);
    const found = stated.flatMap(
      (one) =>
        advisoryOf({ id: 'X-1', ecosystem: 'x', name: 'a', constraint: { text: text(one['Constraint']), order } })
          .affected,
    );
    return expectEqual(
      row['expectMatch'] ?? false,
      found.some((one) => one.ranges.some((range) => contains(range, text(row['version']), order))),
    );
  },
  'grype/db/v6/vulnerability_test.go#Test_getRelatedVulnerabilities': (row) => {
    const own = fields(row['vuln']);
    const id = text(own['Name']);
    const aliases = [...texts(fields(own['BlobValue'])['Aliases']), ...texts(fields(row['affected'])['CVEs'])];
    const advisory = {
      ...advisoryOf({ id, ecosystem: 'npm', name: 'a', constraint: undefined }),
      aliases: [...new Set(aliases)].filter((one) => one !== id),
    };
    const finding = match([packageOf({ name: 'a', version: '1.0.0', type: 'npm' })], memoryLookup([advisory]))
      .findings[0];
    const expected = new Set([id, ...list(row['expected']).map((one) => text(fields(one)['ID']))]);
    return expectSameSet([...expected], [finding?.id, ...(finding?.aliases ?? [])]);
  },
  'grype/db/v6/vulnerability_test.go#TestToFix': (row) => {
    const advisories = list(row['affectedRanges']).map((range) => {
      const fix = fields(fields(range)['Fix']);
      const version = text(fix['Version']);
      const base = advisoryOf({ id: 'CVE-1', ecosystem: 'npm', name: 'a', constraint: undefined });
      const affected = base.affected.map((one) => ({
        ...one,
        order: 'npm',
        ranges: [version === '' ? {} : { fixed: version }],
        fixState: fixStateOf(fix['State']) as AffectedPackage['fixState'],
      }));
      return { ...base, affected };
    });
    const finding = match([packageOf({ name: 'a', version: '0.0.1', type: 'npm' })], memoryLookup(advisories))
      .findings[0];
    const expected = fields(row['expectedFix']);
    return expectEqual(
      {
        state: fixStateOf(expected['State']),
        versions: texts(expected['Versions']),
        available: list(expected['Available']).length,
      },
      // When a fix became available is not kept.
      { state: finding?.fixState ?? 'unknown', versions: finding?.fixedVersions ?? [], available: 0 },
    );
  },
  'grype/presenter/models/vulnerability_test.go#Test_sortVersions': (row) => {
    const advisories = texts(row['versions']).map((version, index) => {
      const base = advisoryOf({
        id: `CVE-${index}`,
        aliases: ['CVE-X'],
        ecosystem: 'npm',
        name: 'a',
        constraint: undefined,
      });
      return {
        ...base,
        affected: base.affected.map((one) => ({
          ...one,
          order: 'semver',
          ranges: [{ fixed: version }],
          fixState: 'fixed' as const,
        })),
      };
    });
    const item = packageOf({ name: 'a', version: '0.0.0-0', type: 'npm' });
    return expectEqual(texts(row['expected']), match([item], memoryLookup(advisories)).findings[0]?.fixedVersions);
  },
  'grype/vulnerability_matcher_test.go#Test_HasSeverityAtOrAbove': (row) => {
    // The match that all rows share is not in the pack; by their names it is rated medium.
    const threshold = text(row['failOnSeverity']);
    const decision = {
      rule: 'vulnerability/CVE-1',
      subject: 's',
      outcome: 'fail',
      severity: 'medium',
      message: '',
      locations: [],
      evidence: [],
    } as const;
    const verdict = decide([decision], {
      threshold: threshold === '' ? undefined : (severityOf(threshold) as 'high'),
      coverage: [],
    });
    return expectEqual(row['expectedResult'] ?? false, verdict.exitCode === 1);
  },
  'grype/vulnerability_matcher_test.go#TestVulnerabilityMatcher_EOLDistroPackages': (row) => {
    if (fields(row['alertsConfig'])['EnableEOLDistroWarnings'] !== true) {
      const result = list(row['packages']).map(packageOfGrype);
      // Without a date nobody is told.
      return expectEqual(
        list(row['expectedEOLPackages']).length,
        match(result, memoryLookup([])).uncovered.filter((one) => one.reason === 'end-of-life').length,
      );
    }
    const told = list(row['packages']).filter((one) =>
      isPastSupport(distributionOf(fields(one)['Distro']), '2026-01-01T00:00:00Z'),
    );
    return expectSameSet(
      list(row['expectedEOLPackages']).map((one) => text(fields(one)['Name']) || text(one)),
      told.map((one) => text(fields(one)['Name'])),
    );
  },
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...qualifiers, ...byCpe, ...byName, ...streams, ...realData, ...rebuilt, ...ranges });
}
