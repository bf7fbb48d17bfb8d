// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { advisory, affects, listOf, match, matchOne } from '../../test/support/matching.ts';
import type { Distribution } from '../model/package.ts';
import { memoryLookup } from './memory-lookup.ts';

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
