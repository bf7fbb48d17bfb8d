// SPDX-License-Identifier: Apache-2.0
// Grype's tables on names: distributions and their releases, ecosystems, namespaces, rpm releases, target software, the end of support.
import { distributionIdOf, releaseNumbers, releasesOf } from '../../../src/advisories/distributions.ts';
import { isPastSupport } from '../../../src/advisories/end-of-life.ts';
import {
  isExtendedRelease,
  isReachable,
  redHatReleaseOf,
  releasePartOf,
} from '../../../src/advisories/extended-support.ts';
import { ecosystemKey } from '../../../src/advisories/feed-facts.ts';
import { matcherOf } from '../../../src/advisories/matchers/index.ts';
import { isQueries } from '../../../src/advisories/matchers/matcher.ts';
import { isKnownTarget, shareTarget, targetFamilies } from '../../../src/advisories/target-software.ts';
import { withEpochOf } from '../../../src/advisories/version-text/epoch.ts';
import { orderOfEcosystem } from '../../../src/advisories/versions/index.ts';
import {
  distributionOfNamespace,
  ecosystemOfNamespace,
  sourceOfNamespace,
} from '../../../src/advisories/vunnel-namespaces.ts';
import { isSameProduct, parseCpe } from '../../../src/formats/cpe.ts';
import { parseOsRelease } from '../../../src/formats/os-release.ts';
import { sourceOfRpm, splitRelease } from '../../../src/formats/purl-package.ts';
import { namespaceOf } from '../../../src/model/advisory-namespace.ts';
import { type Distribution, packageOf } from '../../../src/model/package.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import {
  callOf,
  casesFor,
  fields,
  isUnresolved,
  list,
  plain,
  type Row,
  type Runners,
  rowFails,
  skipped,
  text,
  texts,
} from './rows.ts';
import { distributionId, distributionOf, ecosystemOfType, purlTypeOf } from './vocabulary.ts';

const unresolved = 'the expected value is a function call of upstream’s test';

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
  'grype/db/v6/build/transformers/eol/transform_test.go#TestTranslateProductName': (row) =>
    expectEqual(knownDistribution(row['want']), knownDistribution(row['product'])),
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

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...distributions, ...ecosystems, ...rpm, ...targets, ...endOfLife });
}
