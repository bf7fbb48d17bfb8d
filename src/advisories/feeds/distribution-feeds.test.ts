// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFeed, readFeedFile } from '../../../test/support/read-feed.ts';
import { alpine } from './alpine.ts';
import { debianChangelog } from './debian-changelog.ts';
import { debianErrata } from './debian-errata.ts';
import { debianTracker } from './debian-tracker.ts';

describe('alpine', () => {
  const document = (release: string, secfixes: object) => ({
    distroversion: release,
    reponame: 'main',
    packages: [{ pkg: { name: 'busybox', secfixes } }],
  });

  it('gives one advisory per CVE over all releases', () => {
    const { advisories } = readFeed(alpine, [
      document('v3.19', { '1.36.1-r2': ['CVE-2023-0001 CVE-2023-0002', 'CVE-2023-0003 (+ regression fix)'] }),
      document('3.18', { '1.35.0-r9': ['CVE-2023-0001'] }),
      document('edge', { '1.37.0-r0': ['CVE-2023-0001'] }),
    ]);

    expect(advisories.map((advisory) => advisory.id)).toEqual(['CVE-2023-0001', 'CVE-2023-0003']);
    expect(advisories[0]?.affected.map(({ ecosystem, ranges, order }) => ({ ecosystem, ranges, order }))).toEqual([
      { ecosystem: 'Alpine:v3.19', ranges: [{ fixed: '1.36.1-r2' }], order: 'apk' },
      { ecosystem: 'Alpine:v3.18', ranges: [{ fixed: '1.35.0-r9' }], order: 'apk' },
      { ecosystem: 'Alpine:edge', ranges: [{ fixed: '1.37.0-r0' }], order: 'apk' },
    ]);
  });

  it('takes version 0 for "never affected"', () => {
    const { advisories, skipped } = readFeed(alpine, [document('v3.19', { 0: ['CVE-2023-0001', 'CVE-2023-0002'] })]);

    expect(advisories).toEqual([]);
    expect(skipped).toEqual({ 'not affected': 2 });
  });

  it('reads the older YAML', () => {
    const yaml =
      'distroversion: v3.9\npackages:\n  - pkg:\n      name: apk-tools\n      secfixes:\n        2.10.1-r0:\n          - CVE-2018-1000849\n';

    expect(readFeedFile(alpine, 'v3.9/main.yaml', yaml).advisories[0]?.affected[0]?.ranges).toEqual([
      { fixed: '2.10.1-r0' },
    ]);
  });

  it('reports releases it does not know and packages without names', () => {
    const nameless = { distroversion: 'v3.9', packages: [{ pkg: {} }, 'text'] };

    expect(readFeed(alpine, [document('nonsense', {}), nameless]).problems).toHaveLength(3);
  });
});

describe('debian-tracker', () => {
  const issue = (releases: object) => ({ curl: { 'CVE-2023-0001': { scope: 'local', releases } } });

  it('tells fixed, open, ignored, postponed and ended releases apart', () => {
    const { advisories } = readFeed(debianTracker, [
      issue({
        bookworm: { status: 'resolved', fixed_version: '7.88.1-10', urgency: 'not yet assigned' },
        bullseye: { status: 'open', urgency: 'low**' },
        buster: { status: 'open', nodsa: 'Minor issue', nodsa_reason: 'ignored' },
        trixie: { status: 'open', nodsa_reason: 'postponed' },
        stretch: { status: 'open', urgency: 'end-of-life' },
      }),
    ]);

    expect(
      advisories[0]?.affected.map(({ ecosystem, ranges, fixState, severity }) => [
        ecosystem,
        ranges,
        fixState,
        severity,
      ]),
    ).toEqual([
      ['Debian:12', [{ fixed: '7.88.1-10' }], 'fixed', undefined],
      ['Debian:11', [{}], 'not-fixed', 'low'],
      ['Debian:10', [{}], 'will-not-fix', undefined],
      ['Debian:13', [{}], 'fix-deferred', undefined],
      ['Debian:9', [{}], 'end-of-life', undefined],
    ]);
  });

  it('leaves out what never was affected, what nobody has looked at, and unstable', () => {
    const { advisories, skipped } = readFeed(debianTracker, [
      issue({
        bookworm: { status: 'resolved', fixed_version: '0' },
        bullseye: { status: 'undetermined' },
        sid: { status: 'resolved', fixed_version: '8' },
      }),
    ]);

    expect(advisories).toEqual([]);
    expect(skipped).toEqual({ 'not affected': 2, 'unknown release': 1 });
  });

  it('is recognised by its shape', () => {
    expect(debianTracker.recognises({ path: 'json', value: issue({}) })).toBe(true);
    expect(debianTracker.recognises({ path: 'json', value: { a: { b: {} } } })).toBe(false);
  });
});

describe('debian-errata', () => {
  it('reads the list as it lies in the tracker', () => {
    const list = [
      '[29 Mar 2023] DSA-5380-1 xorg-server - security update',
      '\t{CVE-2023-1393}',
      '\t[bullseye] - xorg-server 2:1.20.11-1+deb11u6',
      '[28 Mar 2023] DSA-5379-1 two - security update',
      '\t{CVE-2023-0001 CVE-2023-0002}',
      '\t[bullseye] - two 1.0-1',
      '\t[buster] - two <end-of-life>',
      '\tNOTE: free text',
    ].join('\n');

    const { advisories } = readFeedFile(debianErrata, 'data/DSA/list', list);

    expect(advisories).toEqual([
      {
        id: 'DSA-5380-1',
        aliases: ['CVE-2023-1393'],
        source: 'debian',
        published: '2023-03-29T00:00:00Z',
        severities: [],
        cwes: [],
        affected: [
          expect.objectContaining({
            ecosystem: 'Debian:11',
            name: 'xorg-server',
            ranges: [{ fixed: '2:1.20.11-1+deb11u6' }],
          }),
        ],
      },
      expect.objectContaining({ id: 'DSA-5379-1', aliases: [], fixes: ['CVE-2023-0001', 'CVE-2023-0002'] }),
    ]);
    expect(advisories[1]?.affected).toHaveLength(1);
  });

  it('reads announcements as JSON records', () => {
    const { advisories } = readFeed(debianErrata, [
      {
        id: 'DLA-1-1',
        date: '01 Apr 2023',
        package: 'p',
        cves: ['CVE-2020-0001'],
        fixed: { buster: { p: '1.0' }, 'no-release': { p: '2' } },
      },
    ]);

    expect(advisories[0]).toMatchObject({
      id: 'DLA-1-1',
      aliases: ['CVE-2020-0001'],
      published: '2023-04-01T00:00:00Z',
    });
    expect(advisories[0]?.affected.map((item) => item.ecosystem)).toEqual(['Debian:10']);
  });
});

describe('debian-changelog', () => {
  it('says of uploads to a release which version is fixed', () => {
    const upload = {
      source: 'curl',
      version: '7.88.1-10+deb12u1',
      distribution: 'bookworm-security',
      date: 'Sat, 05 Apr 2025 16:09:38 +0200',
      cves: ['CVE-2025-0838'],
    };

    const { advisories, skipped } = readFeed(debianChangelog, [upload, { ...upload, distribution: 'unstable' }]);

    expect(advisories).toEqual([
      {
        id: 'CVE-2025-0838',
        aliases: [],
        source: 'debian-changelog',
        published: '2025-04-05T14:09:38Z',
        severities: [],
        cwes: [],
        affected: [
          expect.objectContaining({ ecosystem: 'Debian:12', name: 'curl', ranges: [{ fixed: '7.88.1-10+deb12u1' }] }),
        ],
      },
    ]);
    expect(skipped).toEqual({ 'unknown release': 1 });
  });
});
