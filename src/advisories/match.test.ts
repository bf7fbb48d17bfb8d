// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { advisory, affects, listOf, lodash, match, matchOne } from '../../test/support/matching.ts';
import type { Advisory } from '../model/advisory.ts';
import { type Distribution, type PackageParts } from '../model/package.ts';
import type { AdvisoryLookup } from './lookup.ts';
import { memoryLookup } from './memory-lookup.ts';

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

  it('is the word of the distribution for a package that a supplier patched and did not rate', () => {
    const affected = affects({
      ecosystem: 'Root:Alpine:v3.18',
      name: 'zlib',
      order: 'alpine',
      ranges: [{ fixed: '2' }],
    });
    const alpine: Distribution = { id: 'alpine', idLike: [], versionId: '3.18.4', name: 'Alpine' };
    const list = listOf([{ name: 'rootio-zlib', version: '1.0-r1', type: 'apk' }], { distribution: alpine });
    const words = [
      { source: 'nvd', type: 'word', value: 'LOW' },
      { source: 'alpine', type: 'word', value: 'MEDIUM' },
    ] as const;
    const ratingBy = (parts: Partial<Advisory>): unknown => {
      const entry = advisory('CVE-2023-0001', [{ ...affected, name: 'rootio-zlib' }], { source: 'rootio', ...parts });
      return match([list], memoryLookup([entry])).findings.map((one) => `${one.severity} ${one.severitySource}`);
    };

    expect(ratingBy({ severities: words })).toEqual(['medium vendor:alpine']);
    expect(ratingBy({ severities: [...words, { source: 'rootio', type: 'word', value: 'HIGH' }] })).toEqual([
      'high vendor:rootio',
    ]);
    expect(ratingBy({ severities: words.slice(0, 1) })).toEqual(['low vendor:nvd']);
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
