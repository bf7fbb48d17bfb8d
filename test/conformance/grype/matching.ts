// SPDX-License-Identifier: Apache-2.0
// Grype's tables on matching by name and by CPE: which vulnerabilities of a database concern a package.
import type { AdvisoryLookup } from '../../../src/advisories/lookup.ts';
import { cpe as cpeMatcher } from '../../../src/advisories/matchers/cpe.ts';
import { isQueries } from '../../../src/advisories/matchers/matcher.ts';
import { memoryLookup } from '../../../src/advisories/memory-lookup.ts';
import { matchRange } from '../../../src/advisories/ranges.ts';
import { orderOf, orderOfEcosystem } from '../../../src/advisories/versions/index.ts';
import { parseCpe } from '../../../src/formats/cpe.ts';
import { compileGlob } from '../../../src/formats/glob.ts';
import { readIgnoreFile } from '../../../src/formats/ignore-file.ts';
import type { Advisory } from '../../../src/model/advisory.ts';
import { type Package, packageOf } from '../../../src/model/package.ts';
import { applyIgnores } from '../../../src/verdict/exceptions.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import {
  advisoryOf,
  advisoryOfVulnerability,
  constraintOf,
  ecosystemOfGrypeNamespace,
  packageOfGrype,
} from './advisories.ts';
import { advisoryIds, match } from './lookups.ts';
import {
  type Context,
  callOf,
  casesFor,
  fields,
  list,
  plain,
  type Row,
  type Runners,
  skipped,
  text,
  texts,
} from './rows.ts';
import { distributionOf, orderOfFormat, purlTypeOf } from './vocabulary.ts';

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

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...byCpe, ...byName });
}
