// SPDX-License-Identifier: Apache-2.0
// Grype's tables on single values: severities, CVSS, EPSS, risk, times, names of ecosystems and distributions, target software.
import { distributionIdOf, releaseNumbers, releasesOf } from '../../../src/advisories/distributions.ts';
import { isPastSupport } from '../../../src/advisories/end-of-life.ts';
import {
  isExtendedRelease,
  isReachable,
  redHatReleaseOf,
  releasePartOf,
} from '../../../src/advisories/extended-support.ts';
import {
  cwesOf,
  dateTimeOf,
  ecosystemKey,
  severityOfVector,
  severityOfWord,
} from '../../../src/advisories/feed-facts.ts';
import { sourceOfRecord } from '../../../src/advisories/feed-sources.ts';
import { fixedVersion } from '../../../src/advisories/feeds/vunnel-os.ts';
import { matchedGoSymbols, normaliseGoSymbol } from '../../../src/advisories/go-symbols.ts';
import { matcherOf } from '../../../src/advisories/matchers/index.ts';
import { isQueries } from '../../../src/advisories/matchers/matcher.ts';
import { cvssRatings, rate } from '../../../src/advisories/ratings.ts';
import {
  exploitationFactor,
  impactOf,
  meanScore,
  riskOf,
  severityPoints,
  threatOf,
} from '../../../src/advisories/risk.ts';
import { isKnownTarget, shareTarget, targetFamilies } from '../../../src/advisories/target-software.ts';
import { withEpochOf } from '../../../src/advisories/version-text/epoch.ts';
import { orderOfEcosystem } from '../../../src/advisories/versions/index.ts';
import {
  distributionOfNamespace,
  ecosystemOfNamespace,
  sourceOfNamespace,
} from '../../../src/advisories/vunnel-namespaces.ts';
import { isSameProduct, parseCpe } from '../../../src/formats/cpe.ts';
import { parseCvss } from '../../../src/formats/cvss.ts';
import { isNamePattern } from '../../../src/formats/ignore-file.ts';
import { parseOsRelease } from '../../../src/formats/os-release.ts';
import { sourceOfRpm, splitRelease } from '../../../src/formats/purl-package.ts';
import type { AdvisorySeverity } from '../../../src/model/advisory.ts';
import { namespaceOf } from '../../../src/model/advisory-namespace.ts';
import { describeEpss } from '../../../src/model/epss.ts';
import { hubRepositoryUrl, imageProductNames, releaseProductNames } from '../../../src/model/image-names.ts';
import { type Distribution, packageOf } from '../../../src/model/package.ts';
import { formatPurl, parsePurl } from '../../../src/model/purl.ts';
import { parseSeverity, type Severity, severityOfScore, severityRank } from '../../../src/model/severity.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import {
  callOf,
  casesFor,
  constant,
  fields,
  isUnresolved,
  list,
  plain,
  type Row,
  type Runners,
  skipped,
  text,
  texts,
} from './rows.ts';
import { distributionId, distributionOf, ecosystemOfType, purlTypeOf, severityOf } from './vocabulary.ts';

const unresolved = 'the expected value is a function call of upstream’s test';

/** Words that we leave out count as `unknown`, which is what Grype calls them. */
function wordOf(value: unknown): Severity {
  return parseSeverity(text(value)) ?? 'unknown';
}

/** KEV entries and EPSS scores of a row as one vulnerability's facts. */
function factorsOf(metadata: Readonly<Record<string, unknown>>): Parameters<typeof riskOf>[0] {
  const epss = list(metadata['EPSS']).map((item) => Number(fields(item)['EPSS'] ?? 0));
  const exploited = list(metadata['KnownExploited']).map((item) => text(fields(item)['KnownRansomwareCampaignUse']));
  const ransomware = exploited.some((word) => word.toLowerCase() === 'known');
  return {
    severity: wordOf(metadata['Severity']),
    cvss: list(metadata['Cvss']).map((item) => ({ score: Number(fields(fields(item)['Metrics'])['BaseScore'] ?? 0) })),
    ...(epss.length === 0 ? {} : { epss: { score: Math.max(...epss), percentile: 0 } }),
    ...(exploited.length === 0 ? {} : { knownExploited: { added: '2024-01-01', ransomware } }),
  };
}

function expectNumber(expected: unknown, actual: number): CaseResult {
  return expectEqual(Number(expected).toFixed(4), actual.toFixed(4));
}

const risk: Runners = {
  'grype/vulnerability/metadata_test.go#TestRiskScore': (row) => {
    const metadata = fields(row['metadata']);
    if (metadata['risk'] !== undefined) return skipped('a risk that was computed before');
    return expectNumber(row['expected'], riskOf(factorsOf(metadata)));
  },
  'grype/vulnerability/metadata_test.go#TestSeverityToScore': (row) =>
    expectNumber(row['expected'], severityPoints[wordOf(row['severity'])]),
  'grype/vulnerability/metadata_test.go#TestAverageCVSS': (row) =>
    expectNumber(row['expected'], meanScore(factorsOf({ Cvss: row['cvss'] }).cvss)),
  'grype/vulnerability/metadata_test.go#TestThreat': (row) =>
    expectNumber(row['expected'], threatOf(factorsOf(fields(row['metadata'])))),
  'grype/vulnerability/metadata_test.go#TestImpact': (row) =>
    expectNumber(row['expected'], exploitationFactor(factorsOf(fields(row['metadata'])).knownExploited)),
  'grype/vulnerability/metadata_test.go#TestSeverity': (row) => {
    const { severity, cvss } = factorsOf(fields(row['metadata']));
    return expectNumber(row['expected'], impactOf(severity, cvss));
  },
};

function rowFails(row: Row): boolean {
  return Object.entries(row).some(
    ([key, value]) => /err/i.test(key) && value !== false && value !== null && !text(value).endsWith('NoError'),
  );
}

const cvss: Runners = {
  'internal/cvss/metrics_test.go#TestParseMetricsFromVector': (row) => {
    const found = parseCvss(text(row['vector']));
    if (rowFails(row)) return expectEqual(undefined, found);
    const expected = fields(plain(row['expectedMetrics']));
    return expectEqual(
      {
        score: expected['BaseScore'] ?? 0,
        exploitability: expected['ExploitabilityScore'] ?? undefined,
        impact: expected['ImpactScore'] ?? undefined,
      },
      { score: found?.score, exploitability: found?.exploitability, impact: found?.impact },
    );
  },
  'internal/cvss/metrics_test.go#TestSeverityFromBaseScore': (row) =>
    expectEqual(severityOf(row['expected']), severityOfScore(Number(row['score'] ?? 0))),
  'grype/db/v6/build/transformers/osv/transform_test.go#Test_extractCVSSInfo': (row) => {
    const found = parseCvss(text(row['cvss']));
    if (rowFails(row)) return expectEqual(undefined, found);
    return expectEqual([row['wantVersion'], row['wantVector']], [found?.version, found?.vector]);
  },
};

/** What one rating makes of a vulnerability. */
function ratedAs(severities: readonly (AdvisorySeverity | undefined)[]): ReturnType<typeof rate> {
  const given = severities.filter((one) => one !== undefined);
  const affected = {
    ecosystem: 'npm',
    name: 'a',
    order: 'npm',
    ranges: [],
    versions: [],
    fixState: 'unknown',
  } as const;
  return rate([{ advisory: { id: 'X-1', aliases: [], source: 'nvd', severities: given, cwes: [] }, affected }]);
}

function ratingOf(value: unknown): AdvisorySeverity | undefined {
  return typeof value === 'string' ? severityOfWord(value, 'nvd') : severityOfVector(fields(value)['Vector'], 'nvd');
}

const severities: Runners = {
  'grype/db/v6/severity_test.go#TestExtractSeverity': (row) =>
    expectEqual(severityOf(row['expected']), ratedAs([ratingOf(row['input'])])?.severity ?? 'unknown'),
  'grype/db/v6/severity_test.go#TestExtractSeverities': (row) => {
    const given = list(fields(fields(row['input'])['BlobValue'])['Severities']).map((item) =>
      ratingOf(fields(item)['Value']),
    );
    const found = given.filter((one) => one !== undefined);
    const affected = {
      ecosystem: 'npm',
      name: 'a',
      order: 'npm',
      ranges: [],
      versions: [],
      fixState: 'unknown',
    } as const;
    const ratings = cvssRatings([
      { advisory: { id: 'X-1', aliases: [], source: 'nvd', severities: found, cwes: [] }, affected },
    ]);
    const expected = list(plain(row['expectedCVSS'])).map(fields);
    return expectEqual(
      {
        severity: severityOf(row['expectedSev']),
        cvss: expected.map((one) => [one['Vector'], one['Version'], fields(one['Metrics'])['BaseScore']]),
      },
      {
        severity: ratedAs(given)?.severity ?? 'unknown',
        cvss: ratings.map((one) => [one.vector, one.version, one.score]),
      },
    );
  },
  'grype/db/v6/build/writer_test.go#TestFilterUnknownSeverities': (row) =>
    expectEqual(
      list(row['expected']).map((item) => fields(item)['Value']),
      list(row['input'])
        .map((item) => severityOfWord(fields(item)['Value'], 'x')?.value)
        .filter((word) => word !== undefined),
    ),
  'grype/db/v6/build/writer_test.go#TestIsKnownSeverity': (row) => {
    const { Value: value } = fields(row['severity']);
    const known =
      typeof value === 'number' ? severityOfScore(value) !== 'unknown' : severityOfWord(value, 'x') !== undefined;
    return expectEqual(row['expected'] ?? false, known);
  },
  'grype/db/v6/build/writer_test.go#TestFillInMissingSeverity': missingSeverity,
  'grype/presenter/models/sort_test.go#TestSeverityPriority': (row) => {
    // Grype counts from 1 and puts what it does not know at 100.
    const rank = severityRank(wordOf(row['severity'])) + 1;
    return expectEqual(row['expected'], rank > 5 ? 100 : rank);
  },
};

/** An advisory without a rating takes that of the NVD on one of its CVEs: the cache of the row is the NVD. */
function missingSeverity(row: Row): CaseResult {
  const handle = fields(fields(row['handle'])['BlobValue']);
  if (handle['ID'] === undefined) return skipped('a nil pointer of Go');
  const own = list(handle['Severities']).map((item) => ratingOf(fields(item)['Value']));
  const names = [text(handle['ID']), ...texts(handle['Aliases'])].map((name) => name.toLowerCase());
  const cache = fields(row['severityCache']);
  const inherited = names.map((name) => ratingOf(fields(cache[name])['Value'])).filter((one) => one !== undefined);
  const found = ratedAs([...own, ...inherited])?.severity;
  return expectEqual(fields(list(row['expected'])[0])['Value'], found);
}

const goSymbols: Runners = {
  'grype/pkg/golang_symbol_test.go#Test_normalizeGoSymbol': (row) =>
    expectEqual(row['want'], normaliseGoSymbol(text(row['symbol']))),
  'grype/pkg/qualifier/gosymbols/qualifier_test.go#TestGoSymbolsQualifier_MatchedSymbols': (row) => {
    const imports = list(row['imports']).map(fields);
    const held = fields(fields(fields(row['pkg'])['Metadata'])['Symbols']) as Record<string, string[]>;
    return expectEqual(
      texts(row['want']),
      matchedGoSymbols(
        imports.map((one) => ({ path: text(one['Path']), symbols: texts(one['Symbols']) })),
        held,
      ),
    );
  },
};

/** The ID of a distribution by any of its names; undefined for none. */
function knownDistribution(name: unknown): string | undefined {
  return distributionIdOf({ id: text(name), idLike: [], name: text(name) });
}

/** os-release(5) with the fields of a row. */
function releaseOf(release: Readonly<Record<string, unknown>>): Distribution | undefined {
  const lines = [
    ['ID', release['ID']],
    [
      'ID_LIKE',
      texts(release['IDLike']).length === 1 ? texts(release['IDLike'])[0] : texts(release['IDLike']).join(' '),
    ],
    ['NAME', release['Name']],
    ['VERSION', release['Version']],
    ['VERSION_ID', release['VersionID']],
  ].filter(([, value]) => text(value) !== '');
  const read = parseOsRelease(lines.map(([key, value]) => `${text(key)}="${text(value)}"`).join('\n'));
  if (read === undefined) return undefined;
  // Names with blanks stand in rows as one word of the list.
  return { ...read, idLike: texts(release['IDLike']).map((word) => word.toLowerCase()) };
}

function idOf(distribution: Distribution | undefined): string | undefined {
  return distribution === undefined ? undefined : distributionIdOf(distribution);
}

const distributions: Runners = {
  'grype/distro/distro_test.go#Test_NewDistroFromRelease': (row) => {
    const release = fields(row['release']);
    const read = releaseOf(release);
    const id = idOf(read);
    if (rowFails(row)) return expectEqual(undefined, id);
    const extended = release['ExtendedSupport'] === true ? { rhel: 'eus', ubuntu: 'esm' }[id ?? ''] : undefined;
    const expected = fields(row['expected']);
    const wanted = callOf(expected['Channels'])?.args ?? [];
    const numbers = releaseNumbers(read?.versionId ?? '');
    return expectEqual(
      {
        id: distributionId(expected['Type']),
        version: text(expected['Version']),
        channels: wanted,
        major: text(row['major']),
        minor: text(row['minor']),
      },
      {
        id,
        version: read?.versionId,
        channels: [...(read?.channels ?? []), ...(extended === undefined ? [] : [extended])],
        major: numbers.major ?? '',
        minor: numbers.minor ?? '',
      },
    );
  },
  'grype/distro/distro_test.go#TestDistro_FullVersion': (row) =>
    expectEqual(row['expected'], releaseOf({ ID: 'x', VersionID: row['version'] })?.versionId),
  'grype/distro/distro_test.go#TestDistro_MajorVersion': (row) =>
    expectEqual(row['expected'], releaseNumbers(text(row['version'])).major),
  'grype/distro/distro_test.go#TestParseDistroString': (row) => {
    const { name, version } = splitRelease(text(row['input']));
    return expectEqual([row['expectedName'], row['expectedVersion']], [name, version]);
  },
  'grype/distro/type_test.go#TestTypeFromRelease': (row) =>
    expectEqual(distributionId(row['want']), idOf(releaseOf(fields(row['release'])))),
  'grype/db/v6/build/transformers/os/transform_test.go#TestGetOperatingSystem': (row) => {
    const expected = fields(row['expected']);
    const id = text(row['osID']);
    const channels = text(row['channel']) === '' ? {} : { channels: [text(row['channel'])] };
    const ofVersion = { id, idLike: [], versionId: text(row['osVersion']), name: id, ...channels };
    const version = [expected['MajorVersion'], expected['MinorVersion']]
      .map(text)
      .filter((part) => part !== '')
      .join('.');
    const wanted = { id: text(expected['ReleaseID']), idLike: [], versionId: version, name: id };
    const byCodename = { ...wanted, versionId: '', codename: text(expected['Codename']) };
    return expectEqual(
      [releasesOf(wanted), releasesOf(byCodename), text(expected['Channel'])],
      [releasesOf(ofVersion), releasesOf(ofVersion), text(row['channel'])],
    );
  },
  'grype/db/v6/build/transformers/os/transform_test.go#TestGetOSInfo': (row) => {
    const expected = fields(row['expected']);
    const found = distributionOfNamespace(text(row['group']));
    return expectEqual(
      [expected['id'], distributionId(expected['name']), expected['version'], text(expected['channel'])],
      [found?.id, found?.id, found?.versionId, found?.channels?.join() ?? ''],
    );
  },
  'grype/db/v6/build/transformers/osv/transform_cg_test.go#TestCgOperatingSystem': (row) => {
    const expected = fields(row['want']);
    const ecosystem = text(row['ecosystem']);
    const isRolling = ['Chainguard', 'Wolfi'].includes(ecosystemKey(ecosystem));
    const own = releasesOf({ id: ecosystem, idLike: [], versionId: '', name: ecosystem });
    return expectEqual(
      expected['ReleaseID'] ?? null,
      isRolling && own[0] === ecosystem ? ecosystem.toLowerCase() : null,
    );
  },
};

const ecosystems: Runners = {
  'grype/db/v6/build/transformers/github/transform_test.go#TestGetPackageType': (row) => {
    const expected = callOf(row['expectedType']) === undefined ? ecosystemOfType(row['expectedType']) : '';
    return expectEqual(expected, ecosystemKey(text(row['ecosystem'])));
  },
  'grype/db/v6/affected_package_store_test.go#TestAffectedPackageStore_ApplyPackageAlias': packageAlias,
  'grype/db/v6/unaffected_package_store_test.go#TestUnaffectedPackageStore_ApplyPackageAlias': packageAlias,
  'grype/db/v6/build/transformers/osv/transform_rootio_test.go#TestRootioPackageType': (row) => {
    const ecosystem = ecosystemKey(text(row['ecosystem']));
    const isTheirs = ecosystem.startsWith('Root:');
    const types = { npm: 'npm', pep440: 'pypi', maven: 'maven', apk: 'apk', dpkg: 'deb' } as Record<string, string>;
    const wanted = text(row['want']);
    return expectEqual(
      wanted === '' ? undefined : purlTypeOf(wanted),
      isTheirs ? types[orderOfEcosystem(ecosystem).id] : undefined,
    );
  },
  'grype/db/v6/build/transformers/osv/transform_rootio_test.go#TestRootioOSFromEcosystem': (row) => {
    const ecosystem = ecosystemKey(text(row['ecosystem']));
    const isSystem = /^Root:(?:Alpine|Debian|Ubuntu):/.test(ecosystem);
    if (isUnresolved(row['want'])) return skipped(unresolved);
    const expected = fields(row['want']);
    if (!isSystem) return expectEqual(row['want'], null);
    const version = [expected['MajorVersion'], expected['MinorVersion']]
      .map(text)
      .filter((part) => part !== '')
      .join('.');
    const own = releasesOf({ id: distributionId(expected['Name']), idLike: [], versionId: version, name: '' });
    return expectEqual(`Root:${own[0]}`, ecosystem);
  },
  'grype/db/v6/vulnerability_test.go#TestV5Namespace': (row) => {
    const provider = text(row['provider']);
    const source = sourceOfNamespace(provider);
    const osName = text(row['osName']);
    const version = text(row['osVersion']);
    // Windows has no ecosystem here: products of Microsoft are named by their number.
    const ecosystem =
      provider === 'nvd'
        ? 'CPE'
        : row['ecosystem'] === 'msrc-kb'
          ? `Windows:${text(row['packageName'])}`
          : osName === ''
            ? ecosystemKey(text(row['ecosystem']))
            : (ecosystemOfNamespace(`${osName}:${version}`) ?? `${osName}:${version}`);
    return expectEqual(row['expected'], namespaceOf(source, ecosystem));
  },
};

function packageAlias(row: Row): CaseResult {
  const written = text(fields(row['input'])['Ecosystem']);
  return expectEqual(ecosystemOfType(row['expected']), ecosystemKey(written));
}

const rpm: Runners = {
  'grype/matcher/rpm/almalinux_package_utils_test.go#TestExtractSourceRPMName': (row) => {
    const names = searchedNames(row);
    return expectEqual(
      text(row['expected']),
      purlTypeOf(fields(row['pkg'])['Type']) === 'rpm' ? (names.at(-1) ?? '') : '',
    );
  },
  'grype/matcher/rpm/almalinux_package_utils_test.go#TestGetRelatedPackageNames': (row) =>
    expectEqual(texts(row['expected']), searchedNames(row)),
  'grype/matcher/rpm/almalinux_test.go#TestShouldUseAlmaLinuxMatching': (row) => {
    const distribution = distributionOf(row['distro']);
    const releases = distribution === undefined ? [] : releasesOf({ ...distribution, versionId: '8' });
    return expectEqual(
      row['expected'] ?? false,
      releases.some((one) => one.startsWith('AlmaLinux:')),
    );
  },
  'grype/matcher/rpm/matcher_test.go#Test_addEpochIfApplicable': (row) => {
    const given = fields(row['pkg']);
    const version = text(given['Version']);
    const epoch = fields(plain(given['Metadata']))['Epoch'];
    const stated = typeof epoch === 'number' ? String(epoch) : '0';
    return expectEqual(row['expected'], version === '' ? '' : withEpochOf(version, `${stated}:1`));
  },
  'grype/matcher/rpm/rhel_eus_test.go#TestExtractRHELVersionFromRelease': (row) => {
    const found = redHatReleaseOf(text(row['release']));
    return expectEqual(
      [row['wantFound'] ?? false, row['wantMajor'] ?? 0, row['wantMinor'] ?? 0],
      [found !== undefined, found?.major ?? 0, found?.minor ?? 0],
    );
  },
  'grype/matcher/rpm/rhel_eus_test.go#TestExtractReleaseFromRPMVersion': (row) =>
    expectEqual(row['want'], releasePartOf(text(row['rpmVersion']))),
  'grype/matcher/rpm/rhel_eus_test.go#TestIsFixReachableForEUS': (row) =>
    expectEqual(row['want'] ?? false, isReachable(text(row['fixVersion']), distributionOf(row['eusDistro']))),
  'grype/matcher/dpkg/matcher_ubuntu_esm_test.go#TestShouldUseUbuntuESMMatching': (row) => {
    const distribution = distributionOf(row['d']);
    const type = distribution === undefined ? 'rpm' : 'deb';
    const queries = matcherOf(type)?.queries(packageOf({ name: 'a', version: '1', type }), distribution) ?? [];
    const asked = isQueries(queries) ? queries : [];
    return expectEqual(
      row['want'] ?? false,
      asked.some((query) => isExtendedRelease(query.ecosystem)),
    );
  },
  'grype/pkg/package_test.go#Test_getNameAndELVersion': (row) => {
    const found = sourceOfRpm(text(row['sourceRPM']))?.[0];
    return expectEqual([row['expectedName'], row['expectedVersion']], [found?.name, found?.version]);
  },
};

/** Names under which advisories on an operating system package are looked up. */
function searchedNames(row: Row): readonly string[] {
  const given = fields(row['pkg']);
  const item = packageOf({
    name: text(given['Name']),
    version: '1',
    type: purlTypeOf(given['Type']),
    sources: list(given['Upstreams']).map((one) => ({
      name: text(fields(one)['Name']),
      version: text(fields(one)['Version']),
    })),
  });
  const answer =
    matcherOf(item.type)?.queries(item, { id: 'almalinux', idLike: [], versionId: '8', name: 'AlmaLinux' }) ?? [];
  return 'reason' in answer ? [] : [...new Set(answer.map((query) => query.name))];
}

const targets: Runners = {
  'grype/matcher/internal/only_vulnerable_targets_test.go#Test_isUnknownTarget': (row) =>
    expectEqual(row['expected'] ?? false, !isKnownTarget(text(row['targetSW']))),
  'grype/matcher/internal/only_vulnerable_targets_test.go#TestPkgTypesFromTargetSoftware': (row) =>
    expectSameSet(list(row['expected']).map(purlTypeOf), targetFamilies(texts(row['input']))),
  'grype/matcher/internal/only_vulnerable_targets_test.go#TestHasIntersectingTargetSoftware': (row) =>
    expectEqual(row['expected'] ?? false, shareTarget(texts(row['set1']), texts(row['set2']))),
  'grype/cpe/cpe_test.go#TestMatchWithoutVersion': (row) => {
    const wanted = parseCpe(text(row['compare'])) ?? {};
    return expectEqual(
      texts(row['expected']),
      texts(row['candidates']).filter((candidate) => isSameProduct(wanted, parseCpe(candidate) ?? {})),
    );
  },
};

const images: Runners = {
  'grype/vex/openvex/implementation_test.go#TestIdentifiersFromDigests': (row) =>
    expectEqual(texts(row['expected']).map(canonical), imageProductNames(text(row['sut'])).map(canonical)),
  'grype/vex/openvex/implementation_test.go#TestNormalizeDockerHubRepositoryURL': (row) =>
    expectEqual(row['expected'], hubRepositoryUrl(text(row['input']))),
  'grype/vex/openvex/implementation_test.go#TestProductIdentifiersFromContext': (row) => {
    const source = fields(fields(row['pkgContext'])['Source']);
    const metadata = fields(source['Metadata']);
    const references = [...texts(metadata['Tags']), ...texts(metadata['RepoDigests'])];
    const names =
      references.length > 0
        ? references.flatMap(imageProductNames)
        : releaseProductNames(text(source['Name']), text(source['Version']));
    return expectEqual(texts(row['want']).map(canonical), names.map(canonical));
  },
};

/** Package URLs in one spelling: which characters are percent-encoded is up to the writer. */
function canonical(name: string): string {
  const parts = parsePurl(name);
  return parts === undefined ? name : (formatPurl(parts) ?? name);
}

/** `time.Now().AddDate(-1, 0, 0)` and the like: before or after the moment of the test. */
function isPast(value: unknown): boolean | undefined {
  const written = JSON.stringify(plain(value)) ?? '';
  if (!written.includes('time.Now')) return undefined;
  return /-\d/.test(written);
}

const now = '2026-01-01T00:00:00Z';

const endOfLife: Runners = {
  'grype/matcher/internal/eol_test.go#TestIsDistroEOL': (row) => {
    const past = isPast(row['eolDate']);
    const dates = new Map(past === undefined ? [] : [['x 1', past ? '2025-01-01' : '2027-01-01'] as const]);
    return expectEqual(
      row['expected'] ?? false,
      isPastSupport({ id: 'x', idLike: [], versionId: '1', name: 'x' }, now, dates),
    );
  },
  'grype/vulnerability_matcher_test.go#TestEOLTracker': (row) => {
    const distribution = distributionOf(fields(row['pkg'])['Distro']);
    const stated = Object.values(fields(fields(row['provider'])['eolDates']));
    const past = stated.map(isPast).find((one) => one !== undefined);
    const key = distribution === undefined ? '' : `${distribution.id} ${distribution.versionId}`;
    const dates = new Map(past === undefined ? [] : [[key, past ? '2025-01-01' : '2027-01-01'] as const]);
    // Telling is not a setting here: without dates nobody is told.
    const told = row['enabled'] === true && isPastSupport(distribution, now, dates);
    return expectEqual(row['expectedIsEOL'] ?? false, told);
  },
};

/** What our database leaves out on purpose: links to pages, prose, and when a fix came out. */
function notKept(row: Row): CaseResult {
  return expectEqual(row['expected'] ?? row['want'], undefined);
}

/** Behaviour of Grype that has no counterpart here yet. */
function missing(row: Row): CaseResult {
  return expectEqual(
    row['expected'] ?? row['want'] ?? row['expectedVulns'] ?? row['wantName'] ?? row['wantNil'],
    'not there',
  );
}

const lacking: Runners = {
  'grype/db/v6/vulnerability_provider_test.go#Test_DataSource': notKept,
  'grype/db/v6/build/transformers/nvd/transform_test.go#TestGetReferences': notKept,
  'grype/db/v6/build/transformers/os/transform_test.go#TestGetFixWithDetail': notKept,
  'grype/presenter/models/vulnerability_test.go#Test_getFixAvailable': (row) =>
    expectEqual(row['expected'] ?? null, null),
  'grype/presenter/sarif/presenter_test.go#Test_findDescription': notKept,
  'grype/presenter/sarif/presenter_test.go#Test_helpURI': missing,
  'grype/presenter/sarif/presenter_test.go#Test_locationPath': missing,
  'grype/presenter/sarif/presenter_test.go#Test_cvssScore': missing,
  'grype/pkg/provider_test.go#Test_shouldWarnMissingGoSymbols': (row) => expectEqual(row['want'] ?? false, 'not there'),
  'grype/db/v6/build/transformers/csafvex/transform_test.go#TestTransform_OSFromCPE': missing,
  'grype/db/v6/build/transformers/msrc/transform_test.go#TestParseMSRCEntry': missing,
};

const small: Runners = {
  'grype/presenter/table/presenter_test.go#TestEPSS_String': (row) =>
    expectEqual(
      row['expected'],
      describeEpss({ score: Number(row['score'] ?? 0), percentile: Number(row['percentile'] ?? 0) }),
    ),
  'grype/db/v6/build/transformers/osv/transform_cg_test.go#TestChainguardStrategy_Matches': (row) =>
    expectEqual(row['want'] ?? false, sourceOfRecord(text(row['row_id']), '', 'osv') === 'chainguard'),
  'grype/db/v6/build/transformers/osv/transform_rootio_test.go#TestRootioStrategy_Matches': (row) =>
    expectEqual(row['want'] ?? false, sourceOfRecord(text(row['row_id']), '', 'osv') === 'rootio'),
  'grype/db/v6/build/transformers/eol/transform_test.go#TestTranslateProductName': (row) =>
    expectEqual(knownDistribution(row['want']), knownDistribution(row['product'])),
  'grype/match/ignore_test.go#TestIsRegex': (row) => {
    const expected = row['expected'] ?? false;
    return expectEqual(expected, isNamePattern(text(row['input'])));
  },
  'grype/db/v6/description_test.go#TestTime_JSONUnmarshalling': (row) => {
    const found = dateTimeOf(text(row['jsonData']).replaceAll('"', ''));
    if (rowFails(row)) return expectEqual(undefined, found);
    return expectEqual(timeOf(fields(row['expectedTime'])['time.Time']), found);
  },
  'grype/db/v6/build/transformers/internal/time_test.go#TestParseTime': (row) =>
    expectEqual(timeOf(row['expected']), dateTimeOf(text(row['input']))),
  'grype/db/v6/build/writer_test.go#TestIsFixVersion': (row) =>
    expectEqual(row['expected'] ?? false, fixedVersion(row['version']) !== undefined),
  'grype/db/v6/build/transformers/nvd/transform_test.go#TestIsValidCWE': (row) => {
    const cwe = text(row['cwe']);
    return expectEqual(row['expected'] ?? false, cwesOf([cwe]).includes(cwe));
  },
};

/** `time.Date(2023, 9, 26, 12, 0, 0, 0, time.UTC)` as RFC 3339; undefined for nil. */
export function timeOf(value: unknown): string | undefined {
  const call = callOf(value);
  if (call?.name === 'timeRef' || call?.name === 'ptrTime' || call?.name === 'timePtr') return timeOf(call.args[0]);
  if (call?.name !== 'Date') return undefined;
  const months = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ];
  const [year, month, day, hour, minute, second] = call.args.map((part) =>
    typeof part === 'number' ? part : months.indexOf(constant(part)) + 1,
  );
  const date = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, {
    ...risk,
    ...cvss,
    ...severities,
    ...goSymbols,
    ...distributions,
    ...ecosystems,
    ...rpm,
    ...targets,
    ...images,
    ...endOfLife,
    ...small,
    ...lacking,
  });
}
