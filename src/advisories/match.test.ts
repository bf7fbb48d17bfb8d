// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Advisory, AffectedPackage } from '../model/advisory.ts';
import { type Distribution, type Package, type PackageList, type PackageParts, packageOf } from '../model/package.ts';
import type { AdvisoryLookup } from './lookup.ts';
import { type MatchResult, matchPackages } from './match.ts';
import { memoryLookup } from './memory-lookup.ts';

type AffectedParts = Partial<AffectedPackage> & Pick<AffectedPackage, 'ecosystem' | 'name' | 'order'>;

function affects(parts: AffectedParts): AffectedPackage {
  const hasFix = (parts.ranges ?? []).some((range) => range.fixed !== undefined);
  return { ranges: [], versions: [], fixState: hasFix ? 'fixed' : 'unknown', ...parts };
}

function advisory(id: string, affected: readonly AffectedPackage[], parts: Partial<Advisory> = {}): Advisory {
  return { id, aliases: [], source: 'ghsa', severities: [], cwes: [], affected, ...parts };
}

const lodash = affects({ ecosystem: 'npm', name: 'lodash', order: 'npm', ranges: [{ fixed: '4.17.21' }] });

function listOf(packages: readonly PackageParts[], parts: Partial<PackageList> = {}): PackageList {
  return {
    cataloger: 'test',
    path: 'lock',
    ecosystem: 'npm',
    kind: 'declared',
    packages: packages.map(packageOf),
    ...parts,
  };
}

function match(lists: readonly PackageList[], lookup: AdvisoryLookup): MatchResult {
  const subjectOf = (item: Package): string => `package:${item.type}/${item.id}`;
  return matchPackages(
    lists.map((list) => ({ list, subjectOf })),
    lookup,
  );
}

function matchOne(item: PackageParts, advisories: readonly Advisory[]): MatchResult {
  return match([listOf([item])], memoryLookup(advisories));
}

describe('a finding', () => {
  it('names package, advisory, range, order and fix', () => {
    const { findings } = matchOne({ name: 'lodash', version: '4.17.20', type: 'npm' }, [
      advisory('GHSA-35jh', [lodash], {
        aliases: ['CVE-2021-23337'],
        cwes: ['CWE-94'],
        severities: [{ source: 'ghsa', type: 'word', value: 'HIGH' }],
      }),
    ]);

    expect(findings).toMatchObject([
      {
        id: 'CVE-2021-23337',
        aliases: ['GHSA-35jh'],
        package: {
          subject: 'package:npm/lodash@4.17.20',
          name: 'lodash',
          version: '4.17.20',
          path: ['lodash@4.17.20'],
        },
        severity: 'high',
        severitySource: 'vendor:ghsa',
        fixState: 'fixed',
        fixedVersions: ['4.17.21'],
        clearedBy: '4.17.21',
        cwes: ['CWE-94'],
        matches: [
          {
            advisory: 'GHSA-35jh',
            source: 'ghsa',
            searched: 'npm / lodash',
            order: 'npm',
            range: '< 4.17.21',
            fixed: '4.17.21',
          },
        ],
      },
    ]);
  });

  it('is not made for a version outside of the range', () => {
    expect(matchOne({ name: 'lodash', version: '4.17.21', type: 'npm' }, [advisory('GHSA-35jh', [lodash])])).toEqual({
      findings: [],
      uncovered: [],
    });
  });

  it('is not made for a withdrawn advisory', () => {
    const withdrawn = advisory('GHSA-35jh', [lodash], { withdrawn: '2022-01-01T00:00:00Z' });

    expect(matchOne({ name: 'lodash', version: '1.0.0', type: 'npm' }, [withdrawn]).findings).toEqual([]);
  });

  it('takes the upgrade past later advisories, but not past withdrawn ones', () => {
    const later = affects({ ...lodash, ranges: [{ introduced: '4.17.21', fixed: '5.0.0' }] });
    const clearedBy = (parts: Partial<Advisory>): string | undefined =>
      matchOne({ name: 'lodash', version: '4.17.20', type: 'npm' }, [
        advisory('GHSA-35jh', [lodash]),
        advisory('GHSA-later', [later], parts),
      ]).findings[0]?.clearedBy;

    expect(clearedBy({})).toBe('5.0.0');
    expect(clearedBy({ withdrawn: '2022-01-01T00:00:00Z' })).toBe('4.17.21');
  });

  it('reads no facts of advisories that do not cover the version', () => {
    const lookup = memoryLookup([advisory('GHSA-35jh', [lodash])]);
    const guarded: AdvisoryLookup = {
      ...lookup,
      covers: (ecosystem) => lookup.covers(ecosystem),
      context: (cve) => lookup.context(cve),
      find: (ecosystem, name) =>
        lookup.find(ecosystem, name).map(({ affected }) => ({
          affected,
          get advisory(): never {
            throw new Error('the facts were read');
          },
        })),
    };

    const lists = [listOf([{ name: 'lodash', version: '4.17.21', type: 'npm' }])];

    expect(match(lists, guarded).findings).toEqual([]);
  });

  it('is one for all sources that share a name, with a match of each', () => {
    const item = { name: 'github.com/a/b', version: 'v1.0.0', type: 'golang' };
    const affected = affects({
      ecosystem: 'Go',
      name: 'github.com/a/b',
      order: 'golang',
      ranges: [{ fixed: '1.2.0' }],
    });

    const { findings } = matchOne(item, [
      advisory('GO-2024-0001', [affected], { aliases: ['CVE-2024-1', 'GHSA-x'], source: 'go' }),
      advisory('GHSA-x', [affected], { aliases: ['CVE-2024-1'] }),
    ]);

    expect(findings).toMatchObject([{ id: 'CVE-2024-1', aliases: ['GHSA-x', 'GO-2024-0001'] }]);
    expect(findings[0]?.matches.map((one) => one.source)).toEqual(['go', 'ghsa']);
  });

  it('is made for each vulnerability that one erratum repairs', () => {
    const affected = affects({
      ecosystem: 'AlmaLinux:9',
      name: 'curl',
      order: 'rpm',
      ranges: [{ fixed: '7.76.1-26.el9' }],
    });
    const list = listOf([{ name: 'curl', version: '0:7.76.1-20.el9', type: 'rpm' }], { distribution: almaLinux });

    const { findings } = match(
      [list],
      memoryLookup([advisory('ALSA-2023:1', [affected], { fixes: ['CVE-2023-1', 'CVE-2023-2'], source: 'almalinux' })]),
    );

    expect(findings.map((finding) => [finding.id, finding.aliases, finding.matches[0]?.advisory])).toEqual([
      ['CVE-2023-1', [], 'ALSA-2023:1'],
      ['CVE-2023-2', [], 'ALSA-2023:1'],
    ]);
  });

  it('is not made for errata that fix no vulnerability', () => {
    const affected = affects({ ecosystem: 'AlmaLinux:9', name: 'curl', order: 'rpm', ranges: [{ fixed: '9' }] });
    const list = listOf([{ name: 'curl', version: '0:7.76.1-20.el9', type: 'rpm' }], { distribution: almaLinux });

    expect(
      match([list], memoryLookup([advisory('ALBA-2023:1', [affected]), advisory('ALEA-2023:1', [affected])])).findings,
    ).toEqual([]);
  });

  it('has all places of a package that stands in several lists, its strongest scope and shortest path', () => {
    const location = (path: string) => ({ path, line: 1 });
    const direct = listOf([
      {
        name: 'lodash',
        version: '1.0.0',
        type: 'npm',
        relationship: 'direct',
        scope: 'development',
        locations: [location('a')],
      },
    ]);
    const indirect = listOf([
      { name: 'app', version: '1.0.0', type: 'npm', relationship: 'root', dependsOn: ['x@1.0.0'] },
      { name: 'x', version: '1.0.0', type: 'npm', dependsOn: ['lodash@1.0.0'] },
      { name: 'lodash', version: '1.0.0', type: 'npm', relationship: 'indirect', locations: [location('b')] },
    ]);

    const both = match([indirect, direct], memoryLookup([advisory('GHSA-35jh', [lodash])])).findings;
    const [alone] = match([indirect], memoryLookup([advisory('GHSA-35jh', [lodash])])).findings;

    expect(both).toHaveLength(1);
    expect(both[0]?.package).toMatchObject({
      scope: 'runtime',
      path: ['lodash@1.0.0'],
      locations: [{ path: 'b' }, { path: 'a' }],
    });
    expect(alone?.package.path).toEqual(['x@1.0.0', 'lodash@1.0.0']);
  });

  it('is not made for the project itself', () => {
    expect(
      matchOne({ name: 'lodash', version: '1.0.0', type: 'npm', relationship: 'root' }, [
        advisory('GHSA-35jh', [lodash]),
      ]).findings,
    ).toEqual([]);
  });

  it('carries EPSS and known exploitation, which decide the order', () => {
    const context = new Map([
      ['CVE-1', { epss: { score: 0.9, percentile: 0.99 } }],
      ['CVE-2', { knownExploited: { added: '2024-01-01', ransomware: false } }],
    ]);
    const advisories = ['CVE-0', 'CVE-1', 'CVE-2'].map((id) =>
      advisory(id, [lodash], { severities: [{ source: 'nvd', type: 'word', value: 'high' }] }),
    );

    const { findings } = match(
      [listOf([{ name: 'lodash', version: '1.0.0', type: 'npm' }])],
      memoryLookup(advisories, { context }),
    );

    expect(findings.map((finding) => [finding.id, finding.risk])).toEqual([
      ['CVE-2', 78.75],
      ['CVE-1', 67.5],
      ['CVE-0', 2.25],
    ]);
  });
});

describe('severity', () => {
  const own = { source: 'ghsa', type: 'cvss3', value: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } as const;
  const nvd = { source: 'nvd', type: 'cvss3', value: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:N' } as const;

  function ratingOf(parts: Partial<Advisory>, affected = lodash): string {
    const [finding] = matchOne({ name: 'lodash', version: '1.0.0', type: 'npm' }, [
      advisory('GHSA-35jh', [affected], parts),
    ]).findings;
    return `${finding?.severity} ${finding?.severitySource}`;
  }

  it('is the vendor’s word on the package, then on the advisory', () => {
    const word = { source: 'ghsa', type: 'word', value: 'MODERATE' } as const;

    expect(ratingOf({ severities: [own, word] }, { ...lodash, severity: 'low' })).toBe('low vendor:ghsa');
    expect(ratingOf({ severities: [own, word] })).toBe('medium vendor:ghsa');
  });

  it('is the score of the same source before that of others', () => {
    expect(ratingOf({ severities: [nvd, own] })).toBe('critical cvss:ghsa');
    expect(ratingOf({ severities: [nvd] })).toBe('medium cvss:nvd');
  });

  it('is unknown when nobody rated', () => {
    expect(ratingOf({})).toBe('unknown none');
  });

  it('is critical for a malicious package', () => {
    expect(ratingOf({ aliases: ['MAL-2024-1'] })).toBe('critical vendor:ghsa');
  });

  it('comes from another advisory on the vulnerability when those that match have none', () => {
    const elsewhere = affects({ ecosystem: 'npm', name: 'lodash', order: 'npm', ranges: [{ introduced: '9.0.0' }] });

    const { findings } = matchOne({ name: 'lodash', version: '1.0.0', type: 'npm' }, [
      advisory('A-1', [lodash], { aliases: ['CVE-1'] }),
      advisory('B-1', [elsewhere], { aliases: ['CVE-1'], severities: [own] }),
    ]);

    expect(findings).toMatchObject([{ severity: 'critical', severitySource: 'cvss:ghsa', cvss: [{ score: 9.8 }] }]);
  });
});

const almaLinux: Distribution = { id: 'almalinux', idLike: [], versionId: '9.3', name: 'AlmaLinux' };
const debian: Distribution = { id: 'debian', idLike: [], versionId: '12', name: 'Debian GNU/Linux' };

describe('operating system packages', () => {
  const openssl = affects({ ecosystem: 'Debian:12', name: 'openssl', order: 'dpkg', ranges: [{ fixed: '3.0.9-1' }] });

  it('are found by their source package, whose version is compared', () => {
    const item = {
      name: 'libssl3',
      version: '3.0.8-1+b1',
      type: 'deb',
      sources: [{ name: 'openssl', version: '3.0.8-1' }],
    };

    const { findings } = match(
      [listOf([item], { distribution: debian })],
      memoryLookup([advisory('CVE-1', [openssl])]),
    );

    expect(findings[0]?.matches).toMatchObject([
      { searched: 'Debian:12 / openssl (source of libssl3)', order: 'dpkg', fixed: '3.0.9-1' },
    ]);
  });

  it('take the release from their package URL when the list has none', () => {
    const item = {
      name: 'openssl',
      version: '3.0.8-1',
      type: 'deb',
      purl: 'pkg:deb/debian/openssl@3.0.8-1?distro=debian-12',
    };

    expect(matchOne(item, [advisory('CVE-1', [openssl])]).findings).toHaveLength(1);
  });

  it('do not inherit the findings of the kernel when they are headers', () => {
    const linux = affects({ ecosystem: 'Debian:12', name: 'linux', order: 'dpkg', ranges: [{}] });
    const item = {
      name: 'linux-libc-dev',
      version: '6.1.1-1',
      type: 'deb',
      sources: [{ name: 'linux', version: '6.1.1-1' }],
    };

    expect(
      match([listOf([item], { distribution: debian })], memoryLookup([advisory('CVE-1', [linux])])).findings,
    ).toEqual([]);
  });

  it('take the epoch of the advisory only when they state none at all', () => {
    const affected = affects({
      ecosystem: 'AlmaLinux:9',
      name: 'openssl',
      order: 'rpm',
      ranges: [{ fixed: '1:3.0.7-20.el9' }],
    });
    const found = (version: string, epoch?: number): number =>
      match(
        [
          listOf([{ name: 'openssl', version, type: 'rpm', ...(epoch === undefined ? {} : { facts: { epoch } }) }], {
            distribution: almaLinux,
          }),
        ],
        memoryLookup([advisory('ALSA-1', [affected])]),
      ).findings.length;

    expect([found('3.0.7-21.el9'), found('3.0.7-19.el9'), found('3.0.7-21.el9', 0), found('3.0.7-21.el9', 1)]).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it('of a module are concerned only by its errata', () => {
    const fixed = '1:18.19.0-1.module_el9.3.0+75+2f9d9b5b';
    const affected = affects({
      ecosystem: 'AlmaLinux:9',
      name: 'nodejs',
      order: 'rpm',
      ranges: [{ fixed }],
      modularity: 'nodejs:18',
    });
    const found = (version: string, modularity?: string): number =>
      match(
        [
          listOf(
            [{ name: 'nodejs', version, type: 'rpm', ...(modularity === undefined ? {} : { facts: { modularity } }) }],
            { distribution: almaLinux },
          ),
        ],
        memoryLookup([advisory('ALSA-1', [affected])]),
      ).findings.length;

    expect([
      found('1:18.1.0-1.el9', 'nodejs:18:9030:rhel9'),
      found('1:16.1.0-1.el9', 'nodejs:16:9030:rhel9'),
      found('1:16.1.0-1.el9', ''),
    ]).toEqual([1, 0, 0]);
    expect([found('1:16.1.0-1.el9'), found('1:18.1.0-1.module_el9.1')]).toEqual([0, 1]);
  });

  it('are concerned only by advisories for their architecture', () => {
    const affected = affects({
      ecosystem: 'Debian:12',
      name: 'qemu',
      order: 'dpkg',
      ranges: [{}],
      architectures: ['s390x'],
    });
    const found = (architecture: string): number =>
      match(
        [listOf([{ name: 'qemu', version: '1', type: 'deb', facts: { architecture } }], { distribution: debian })],
        memoryLookup([advisory('CVE-1', [affected])]),
      ).findings.length;

    expect([found('amd64'), found('s390x'), found('all')]).toEqual([0, 1, 1]);
  });
});

describe('language packages', () => {
  it.each([
    [
      { name: 'Django_Rest', version: '1.0', type: 'pypi' },
      { ecosystem: 'PyPI', name: 'django-rest', order: 'pep440' },
    ],
    [
      { name: 'org.a:b', version: '1.0', type: 'maven' },
      { ecosystem: 'Maven', name: 'org.a:b', order: 'maven' },
    ],
    [
      { name: 'Newtonsoft.Json', version: '1.0', type: 'nuget' },
      { ecosystem: 'NuGet', name: 'newtonsoft.json', order: 'nuget' },
    ],
    [
      { name: 'go', version: '1.20.1', type: 'golang' },
      { ecosystem: 'Go', name: 'stdlib', order: 'golang' },
    ],
    [
      { name: 'stdlib', version: 'go1.20.1', type: 'golang' },
      { ecosystem: 'Go', name: 'stdlib', order: 'golang' },
    ],
    [
      { name: 'github.com/apple/swift-nio', version: '1.0.0', type: 'swift' },
      { ecosystem: 'SwiftURL', name: 'github.com/apple/swift-nio', order: 'swift' },
    ],
    [
      { name: 'actions/cache/save', version: 'v2', type: 'github' },
      { ecosystem: 'GitHub Actions', name: 'actions/cache', order: 'semver' },
    ],
    [
      { name: 'zlib', version: '1.2.12', type: 'conan' },
      { ecosystem: 'ConanCenter', name: 'zlib', order: 'conan' },
    ],
    [
      { name: 'rails', version: '1.0', type: 'gem' },
      { ecosystem: 'RubyGems', name: 'rails', order: 'rubygems' },
    ],
    [
      { name: 'seal-requests', version: '2.14.2+sp1', type: 'pypi' },
      { ecosystem: 'Seal:PyPI', name: 'seal-requests', order: 'pep440' },
    ],
  ])('%j are looked up as %j', (item, key) => {
    expect(matchOne(item, [advisory('A-1', [affects({ ...key, ranges: [{}] })])]).findings).toHaveLength(1);
  });

  it('of GitHub Actions with a moving tag are compared as the newest of the line', () => {
    const changed = affects({
      ecosystem: 'GitHub Actions',
      name: 'tj-actions/changed-files',
      order: 'semver',
      ranges: [{ fixed: '45.0.8' }],
    });
    const found = (version: string): number =>
      matchOne({ name: 'tj-actions/changed-files', version, type: 'github' }, [advisory('CVE-1', [changed])]).findings
        .length;

    expect([found('v44'), found('v45'), found('v45.0.7'), found('v46')]).toEqual([1, 0, 1, 0]);
  });
});

describe('what could not be looked up', () => {
  function reasons(item: PackageParts, lookup = memoryLookup([advisory('A-1', [lodash])])): unknown {
    return match([listOf([item])], lookup).uncovered.map(({ reason, ecosystem, hidesFindings }) => [
      reason,
      ecosystem,
      hidesFindings,
    ]);
  }

  it.each([
    [{ name: 'x', version: '1.0', type: 'cargo' }, ['no-database', 'crates.io', true]],
    [{ name: 'x', version: '1.0', type: 'vcpkg' }, ['no-ecosystem', 'vcpkg', false]],
    [{ name: 'x', version: '', type: 'npm' }, ['no-version', 'npm', true]],
    [{ name: 'x', version: 'git+https://example.org/x.git', type: 'npm' }, ['no-version', 'npm', true]],
    [{ name: 'x', version: '3f2a1bcd9e', type: 'npm' }, ['no-version', 'npm', true]],
    [{ name: 'x', version: '(devel)', type: 'golang' }, ['no-version', 'golang', true]],
    [{ name: 'x', version: '1.0', type: 'deb' }, ['no-distribution', 'deb', true]],
    [{ name: 'x', version: '1.0', type: 'maven' }, ['no-name', 'maven', true]],
    [{ name: 'seal-x', version: '1.0', type: 'pypi' }, ['supplier', 'Seal:PyPI', true]],
  ])('%j: %j', (item, expected) => {
    expect(reasons(item)).toEqual([expected]);
  });

  it('leaves out a requirement that another list resolves', () => {
    const lists = [
      listOf([{ name: 'lodash', version: '', type: 'npm', constraint: '^4' }]),
      listOf([{ name: 'lodash', version: '5.0.0', type: 'npm' }]),
    ];

    expect(match(lists, memoryLookup([advisory('A-1', [lodash])])).uncovered).toEqual([]);
  });

  it('says when the database has only a sample', () => {
    const lookup = memoryLookup([advisory('A-1', [lodash])], { description: { partial: ['npm'] } });

    expect(reasons({ name: 'lodash', version: '5.0.0', type: 'npm' }, lookup)).toEqual([['partial', 'npm', true]]);
  });

  it('is said in a sentence with examples', () => {
    const items = ['a', 'b', 'c', 'd'].map((name) => ({ name, version: '1.0.0', type: 'cargo' }));

    const { uncovered } = match([listOf(items)], memoryLookup([]));

    expect(uncovered.map((one) => one.message)).toEqual([
      'the database has no advisories for crates.io: 4 packages not looked up (a@1.0.0, b@1.0.0, c@1.0.0, …)',
    ]);
  });
});
