// SPDX-License-Identifier: Apache-2.0
// Which OSV ecosystems hold the advisories of a distribution's release: os-release(5) in, names such as `Debian:12` out.
import type { Distribution } from '../model/package.ts';
import { debianRelease } from './debian-releases.ts';

type Releases = (distribution: Distribution) => readonly string[];

const ubuntuCodenames: ReadonlyMap<string, string> = new Map([
  ['trusty', '14.04'],
  ['xenial', '16.04'],
  ['bionic', '18.04'],
  ['focal', '20.04'],
  ['jammy', '22.04'],
  ['noble', '24.04'],
]);

function major(distribution: Distribution): string {
  return /^\d{1,6}/.exec(distribution.versionId)?.[0] ?? '';
}

function minor(distribution: Distribution): string {
  return /^\d{1,6}\.\d{1,6}/.exec(distribution.versionId)?.[0] ?? '';
}

/** `Name:9` where the first number names the release. */
function byMajor(name: string): Releases {
  return (distribution) => (major(distribution) === '' ? [] : [`${name}:${major(distribution)}`]);
}

/** `Name:4.0` */
function byMinor(name: string): Releases {
  return (distribution) => {
    const release = minor(distribution) || major(distribution);
    return release === '' ? [] : [`${name}:${release}`];
  };
}

/** Rolling distributions have one release. */
function rolling(name: string): Releases {
  return () => [name];
}

function debian(distribution: Distribution): readonly string[] {
  const release =
    major(distribution) === '' ? debianRelease(distribution.codename ?? '') : `Debian:${major(distribution)}`;
  return release === undefined ? [] : [release];
}

/** Releases with long-term support (April of even years) carry `:LTS`; `Ubuntu:Pro:` is asked for separately. */
function ubuntu(distribution: Distribution): readonly string[] {
  const release = minor(distribution) || (ubuntuCodenames.get(distribution.codename ?? '') ?? '');
  if (release === '') return [];
  const [year = '', month] = release.split('.');
  return [`Ubuntu:${release}${month === '04' && Number(year) % 2 === 0 ? ':LTS' : ''}`];
}

function alpine(distribution: Distribution): readonly string[] {
  if (distribution.versionId === 'edge' || distribution.versionId.includes('_alpha')) return ['Alpine:edge'];
  const release = minor(distribution);
  return release === '' ? [] : [`Alpine:v${release}`];
}

/** Red Hat names streams by CPE; the plain name serves databases that fold them. CentOS gets Red Hat's errata. */
function redHat(distribution: Distribution): readonly string[] {
  const release = major(distribution);
  if (release === '') return [];
  const parts =
    Number(release) < 8
      ? ['server', 'client', 'workstation', 'computenode']
      : ['baseos', 'appstream', 'crb', 'highavailability', 'nfv', 'realtime', 'resilientstorage', 'sap', 'sap_hana'];
  return [`Red Hat:${release}`, ...parts.map((part) => `Red Hat:enterprise_linux:${release}::${part}`)];
}

/** Amazon Linux 1 calls itself 2018.03 and the like. */
function amazon(distribution: Distribution): readonly string[] {
  const release = major(distribution);
  if (release === '') return [];
  return [`Amazon Linux:${Number(release) > 2000 && Number(release) < 2022 ? '1' : release}`];
}

function oracle(distribution: Distribution): readonly string[] {
  const release = major(distribution);
  return release === '' ? [] : [`Oracle Linux:${release}`];
}

/** SUSE publishes per product: the server or desktop, and the modules that any of them may have enabled. */
function suse(distribution: Distribution): readonly string[] {
  const [release, pack] = distribution.versionId.split('.');
  if (release === undefined || release === '') return [];
  const version = pack === undefined || pack === '0' ? release : `${release} SP${pack}`;
  const products = [
    distribution.id === 'sled' ? 'Desktop' : 'Server',
    'Module for Basesystem',
    'Module for Server Applications',
    'Module for Development Tools',
    'Module for Desktop Applications',
    'Module for Containers',
    'Module for Web and Scripting',
    'Module for Python 3',
    'Module for Legacy',
  ];
  return products.map((product) => `SUSE:Linux Enterprise ${product} ${version}`);
}

const releases: ReadonlyMap<string, Releases> = new Map<string, Releases>([
  ['debian', debian],
  ['raspbian', debian],
  ['ubuntu', ubuntu],
  ['alpine', alpine],
  ['wolfi', rolling('Wolfi')],
  ['chainguard', rolling('Chainguard')],
  ['almalinux', byMajor('AlmaLinux')],
  ['rocky', byMajor('Rocky Linux')],
  ['rhel', redHat],
  ['centos', redHat],
  ['ol', oracle],
  ['amzn', amazon],
  ['fedora', byMajor('Fedora')],
  ['sles', suse],
  ['sled', suse],
  [
    'opensuse-leap',
    (distribution) => (distribution.versionId === '' ? [] : [`openSUSE:Leap ${distribution.versionId}`]),
  ],
  ['opensuse-tumbleweed', rolling('openSUSE:Tumbleweed')],
  ['mageia', byMajor('Mageia')],
  ['openeuler', (distribution) => (distribution.versionId === '' ? [] : [`openEuler:${distribution.versionId}`])],
  ['photon', byMinor('Photon OS')],
  ['azurelinux', byMajor('Azure Linux')],
  ['mariner', byMajor('CBL-Mariner')],
  ['alpaquita', (distribution) => [`Alpaquita:${distribution.versionId || 'stream'}`]],
  [
    'bellsoft-hardened-containers',
    (distribution) => [`BellSoft Hardened Containers:${distribution.versionId || 'stream'}`],
  ],
  ['minimos', rolling('MinimOS')],
  ['echo', rolling('Echo')],
  ['cleanstart', rolling('CleanStart')],
  ['arch', rolling('Arch Linux')],
  ['gentoo', rolling('Gentoo')],
]);

/** OSV ecosystems to ask, best known first; empty for a distribution or release that no source of advisories names. */
export function releasesOf(distribution: Distribution): readonly string[] {
  return releases.get(distribution.id.toLowerCase())?.(distribution) ?? [];
}
