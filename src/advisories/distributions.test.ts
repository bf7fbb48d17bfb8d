// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { releasesOf } from './distributions.ts';

function first(id: string, versionId: string, codename?: string): string | undefined {
  return releasesOf({ id, idLike: [], versionId, name: id, ...(codename === undefined ? {} : { codename }) })[0];
}

describe('releasesOf', () => {
  it.each([
    ['debian', '12', 'Debian:12'],
    ['debian', '11.7', 'Debian:11'],
    ['ubuntu', '22.04', 'Ubuntu:22.04:LTS'],
    ['ubuntu', '23.10', 'Ubuntu:23.10'],
    ['ubuntu', '23.04', 'Ubuntu:23.04'],
    ['alpine', '3.19.1', 'Alpine:v3.19'],
    ['alpine', '3.20_alpha20240329', 'Alpine:edge'],
    ['almalinux', '9.3', 'AlmaLinux:9'],
    ['rocky', '8.9', 'Rocky Linux:8'],
    ['rhel', '9.2', 'Red Hat:9'],
    ['centos', '7', 'Red Hat:7'],
    ['amzn', '2018.03', 'Amazon Linux:1'],
    ['amzn', '2023', 'Amazon Linux:2023'],
    ['sles', '15.5', 'SUSE:Linux Enterprise Server 15 SP5'],
    ['opensuse-leap', '15.5', 'openSUSE:Leap 15.5'],
    ['wolfi', '20230201', 'Wolfi'],
    ['photon', '4.0', 'Photon OS:4.0'],
    ['debian', '', undefined],
    ['haiku', '1', undefined],
  ])('%s %s is %s', (id, version, expected) => {
    expect(first(id, version)).toBe(expected);
  });

  it('knows releases by their codename', () => {
    expect([first('debian', '', 'trixie'), first('ubuntu', '', 'jammy')]).toEqual(['Debian:13', 'Ubuntu:22.04:LTS']);
  });
});
