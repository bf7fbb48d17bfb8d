// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFeed, readFeedFile } from '../../../test/support/read-feed.ts';
import { osv } from './osv.ts';

function record(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'GHSA-1111-2222-3333',
    modified: '2024-02-01T10:00:00.123456Z',
    published: '2024-01-01T00:00:00Z',
    aliases: ['CVE-2024-1000', 'CVE-2024-1000'],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'one' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.0' }] }],
      },
    ],
    ...parts,
  };
}

const range = (...events: object[]): object => ({ type: 'ECOSYSTEM', events });

describe('osv', () => {
  it('keeps facts and drops prose', () => {
    const { advisories, problems } = readFeed(osv, [
      record({
        summary: 'prose',
        details: 'more prose',
        references: [{ type: 'WEB', url: 'https://example.org' }],
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
        database_specific: { severity: 'CRITICAL', cwe_ids: ['CWE-94', 'CWE-77'] },
      }),
    ]);

    expect(problems).toEqual([]);
    expect(advisories).toEqual([
      {
        id: 'GHSA-1111-2222-3333',
        aliases: ['CVE-2024-1000'],
        source: 'ghsa',
        published: '2024-01-01T00:00:00Z',
        modified: '2024-02-01T10:00:00Z',
        severities: [
          { source: 'ghsa', type: 'word', value: 'CRITICAL' },
          { source: 'ghsa', type: 'cvss3', value: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
        ],
        cwes: ['CWE-77', 'CWE-94'],
        affected: [
          {
            ecosystem: 'npm',
            name: 'one',
            order: 'npm',
            ranges: [{ fixed: '1.0.0' }],
            versions: [],
            fixState: 'fixed',
          },
        ],
      },
    ]);
  });

  it('marks withdrawn records', () => {
    expect(readFeed(osv, [record({ withdrawn: '2024-03-01T00:00:00Z' })]).advisories[0]?.withdrawn).toBe(
      '2024-03-01T00:00:00Z',
    );
  });

  it('takes the year 1 for no date', () => {
    const [advisory] = readFeed(osv, [
      record({ id: 'GO-2020-0001', modified: '0001-01-01T00:00:00Z', published: '0001-01-01T00:00:00Z' }),
    ]).advisories;

    expect(advisory).not.toHaveProperty('modified');
    expect(advisory).not.toHaveProperty('published');
  });

  it('counts git ranges and records without versions', () => {
    const git = {
      package: { ecosystem: 'PyPI', name: 'p' },
      ranges: [{ type: 'GIT', repo: 'https://example.org/p', events: [{ introduced: '0' }] }],
    };

    const { advisories, skipped } = readFeed(osv, [record({ affected: [git] })]);

    expect(advisories).toEqual([]);
    expect(skipped).toEqual({ 'git range': 1, 'no versions': 1 });
  });

  it('keeps listed versions beside ranges', () => {
    const affected = [
      {
        package: { ecosystem: 'PyPI', name: 'Some_Name' },
        versions: ['1.0', '0.9', '1.0'],
        ranges: [range({ introduced: '1.0' })],
      },
    ];

    const [advisory] = readFeed(osv, [record({ affected })]).advisories;

    expect(advisory?.affected[0]).toMatchObject({
      name: 'some-name',
      order: 'pep440',
      versions: ['0.9', '1.0'],
      ranges: [{ introduced: '1.0' }],
      fixState: 'not-fixed',
    });
  });

  it('leaves the fix unknown where only a last affected version is given', () => {
    const affected = [
      { package: { ecosystem: 'npm', name: 'one' }, ranges: [range({ introduced: '0' }, { last_affected: '2.0.0' })] },
    ];

    expect(readFeed(osv, [record({ affected })]).advisories[0]?.affected[0]).toMatchObject({
      ranges: [{ lastAffected: '2.0.0' }],
      fixState: 'unknown',
    });
  });

  it("ends a range where GitHub's own field says so", () => {
    const statement = (limit: string) => ({
      package: { ecosystem: 'npm', name: 'one' },
      ranges: [range({ introduced: '0' })],
      database_specific: { last_known_affected_version_range: limit },
    });

    const ranges = readFeed(osv, [
      record({ affected: [statement('<= 9.0.5'), statement('< 2.5.0'), statement('nonsense')] }),
    ]).advisories[0]?.affected.map((item) => item.ranges);

    expect(ranges).toEqual([[{ lastAffected: '9.0.5' }], [{ fixed: '2.5.0' }], [{}]]);
  });

  it('takes the largest of a list that stands for a fixed version, and says so', () => {
    const affected = [
      {
        package: { ecosystem: 'npm', name: 'one' },
        ranges: [range({ introduced: '6.10.0' }, { fixed: '7.2.4, 6.11.4' })],
      },
    ];

    const { advisories, problems } = readFeed(osv, [record({ affected })]);

    expect(advisories[0]?.affected[0]?.ranges).toEqual([{ introduced: '6.10.0', fixed: '7.2.4' }]);
    expect(problems).toEqual([expect.stringContaining('is no version')]);
  });

  it('takes the CVEs of an erratum for vulnerabilities of their own', () => {
    const affected = [
      {
        package: { ecosystem: 'AlmaLinux:9', name: 'openssl' },
        ranges: [range({ introduced: '0' }, { fixed: '1:3.0.1-41.el9_0' })],
      },
    ];
    const several = record({
      id: 'ALSA-2022:1',
      aliases: [],
      related: ['CVE-2022-2', 'CVE-2022-0001', 'CVE-2022-0002'],
      affected,
    });
    const one = record({ id: 'ALSA-2022:2', aliases: [], related: ['CVE-2022-0001'], affected });
    const upstream = record({
      id: 'RHSA-2022:3',
      aliases: [],
      upstream: ['CVE-2022-0005'],
      related: ['CVE-2022-0009'],
      affected,
    });

    const { advisories } = readFeed(osv, [several, one, upstream]);

    expect(advisories.map(({ aliases, fixes, source }) => ({ aliases, fixes, source }))).toEqual([
      { aliases: [], fixes: ['CVE-2022-0001', 'CVE-2022-0002', 'CVE-2022-2'].sort(), source: 'almalinux' },
      { aliases: ['CVE-2022-0001'], fixes: undefined, source: 'almalinux' },
      { aliases: ['CVE-2022-0005'], fixes: undefined, source: 'redhat' },
    ]);
  });

  it('does not take related vulnerabilities of a library for aliases', () => {
    expect(readFeed(osv, [record({ aliases: [], related: ['CVE-2024-5'] })]).advisories[0]?.aliases).toEqual([]);
  });

  it('leaves out bug-fix errata and notices', () => {
    const notice = record({
      id: 'RUSTSEC-2020-0001',
      affected: [
        {
          package: { ecosystem: 'crates.io', name: 'c' },
          ranges: [range({ introduced: '0' })],
          database_specific: { informational: 'unmaintained' },
        },
      ],
    });

    const { advisories, skipped } = readFeed(osv, [
      record({ id: 'ALBA-2022:1' }),
      record({ id: 'ALEA-2022:1' }),
      notice,
    ]);

    expect(advisories).toEqual([]);
    expect(skipped).toEqual({ 'not security': 3 });
  });

  it('keeps the import paths of Go and the priority of Debian', () => {
    const go = {
      package: { ecosystem: 'Go', name: 'stdlib' },
      ranges: [range({ introduced: '0' })],
      ecosystem_specific: { imports: [{ path: 'net/http', symbols: ['Serve'] }, { path: 'net' }, { path: 'net' }] },
    };
    const debian = {
      package: { ecosystem: 'Debian:12', name: 'curl' },
      ranges: [range({ introduced: '0' })],
      ecosystem_specific: { urgency: 'unimportant' },
    };

    const affected = readFeed(osv, [record({ affected: [go, debian] })]).advisories[0]?.affected;

    expect(affected?.[0]?.importPaths).toEqual(['net', 'net/http#Serve']);
    expect(affected?.[1]).toMatchObject({ ecosystem: 'Debian:12', order: 'dpkg', severity: 'unimportant' });
  });

  it('keeps releases of distributions and drops repositories of languages', () => {
    const statement = (ecosystem: string) => ({
      package: { ecosystem, name: 'group:artifact' },
      ranges: [range({ introduced: '0' })],
    });
    const affected = ['Ubuntu:Pro:14.04:LTS', 'Maven:https://repository.example', 'Alpine:v3.19'].map(statement);

    expect(readFeed(osv, [record({ affected })]).advisories[0]?.affected.map((item) => item.ecosystem)).toEqual([
      'Ubuntu:Pro:14.04:LTS',
      'Maven',
      'Alpine:v3.19',
    ]);
  });

  it('reads vectors of every version, words of vendors, and drops empty ones', () => {
    const severity = [
      { type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' },
      { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' },
      { type: 'Ubuntu', score: 'medium' },
      { type: 'CVSS_V3', score: '' },
      { type: 'CVSS_V3', score: '9.8' },
    ];

    expect(readFeed(osv, [record({ severity })]).advisories[0]?.severities.map((item) => item.type)).toEqual([
      'cvss2',
      'cvss4',
      'word',
    ]);
  });

  it('survives values of every wrong shape', () => {
    const { advisories, problems } = readFeed(osv, [
      record({
        affected: [
          { package: null, ranges: 'x', versions: 2 },
          'text',
          {
            package: { ecosystem: 'npm', name: 'one' },
            ranges: [{ type: 'SEMVER', events: [null, { introduced: 5 }] }],
            versions: ['1'],
          },
        ],
      }),
      { id: 7 },
      null,
    ]);

    expect(advisories[0]?.affected.map((item) => item.versions)).toEqual([['1']]);
    expect(problems).toHaveLength(2);
  });

  it('reads files in YAML too, where versions stay text', () => {
    const yaml =
      'id: PYSEC-2024-1\nmodified: "2024-01-01T00:00:00Z"\naffected:\n- package: {ecosystem: PyPI, name: p}\n  versions: [1.10, 1.2]\n';

    expect(readFeedFile(osv, 'vulns/p/PYSEC-2024-1.yaml', yaml).advisories[0]?.affected[0]?.versions).toEqual([
      '1.10',
      '1.2',
    ]);
  });
});
