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

/** First and second number of a release, with the zeros they are written with; `v24.06` counts like `24.06`. */
export function releaseNumbers(versionId: string): { readonly major?: string; readonly minor?: string } {
  const [, major, minor] = /^v?(\d{1,8})(?:\.(\d{1,8}))?/.exec(versionId) ?? [];
  return { ...(major === undefined ? {} : { major }), ...(minor === undefined ? {} : { minor }) };
}

function major(distribution: Distribution): string {
  return releaseNumbers(distribution.versionId).major ?? '';
}

function minor(distribution: Distribution): string {
  const numbers = releaseNumbers(distribution.versionId);
  return numbers.minor === undefined ? '' : `${numbers.major}.${numbers.minor}`;
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
  const [year = '', month = ''] = release.split('.').map((part) => part.padStart(2, '0'));
  return [`Ubuntu:${year}.${month}${month === '04' && Number(year) % 2 === 0 ? ':LTS' : ''}`];
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
  // Mariner became Azure Linux with its third release, and some systems kept the old ID.
  ['mariner', (distribution) => byMajor(Number(major(distribution)) < 3 ? 'CBL-Mariner' : 'Azure Linux')(distribution)],
  ['alpaquita', (distribution) => [`Alpaquita:${distribution.versionId || 'stream'}`]],
  [
    'bellsoft-hardened-containers',
    (distribution) => [`BellSoft Hardened Containers:${distribution.versionId || 'stream'}`],
  ],
  ['minimos', rolling('MinimOS')],
  ['echo', rolling('Echo')],
  ['bottlerocket', rolling('Bottlerocket')],
  ['cleanstart', rolling('CleanStart')],
  ['arch', rolling('Arch Linux')],
  ['gentoo', rolling('Gentoo')],
]);

/** Names that documents and old systems use instead of the ID of os-release(5). */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['alma', 'almalinux'],
  ['almalinux linux', 'almalinux'],
  ['alpine linux', 'alpine'],
  ['alpine-linux', 'alpine'],
  ['amazon', 'amzn'],
  ['amazon linux', 'amzn'],
  ['amazon-linux', 'amzn'],
  ['amazonlinux', 'amzn'],
  ['arch linux', 'arch'],
  ['archlinux', 'arch'],
  ['azure linux', 'azurelinux'],
  ['centos linux', 'centos'],
  ['debian gnu/linux', 'debian'],
  ['opensuse', 'opensuse-leap'],
  ['opensuseleap', 'opensuse-leap'],
  ['oracle', 'ol'],
  ['oracle linux', 'ol'],
  ['oracle-linux', 'ol'],
  ['oraclelinux', 'ol'],
  ['red hat enterprise linux', 'rhel'],
  ['redhat', 'rhel'],
  ['rocky linux', 'rocky'],
  ['rockylinux', 'rocky'],
  ['scientific linux', 'scientific'],
]);

/** Systems that are known by name and have no advisories of their own here. */
const withoutAdvisories: ReadonlySet<string> = new Set(['busybox', 'postmarketos', 'scientific', 'windows']);

function knownId(name: string): string | undefined {
  const word = name.trim().toLowerCase();
  const id = otherNames.get(word) ?? word;
  return releases.has(id) || withoutAdvisories.has(id) ? id : undefined;
}

/** The ID under which advisories know the system: its own, else that of the first it is like, else by its name. */
export function distributionIdOf({
  id,
  idLike,
  name,
}: Pick<Distribution, 'id' | 'idLike' | 'name'>): string | undefined {
  return [id, ...idLike, name].map(knownId).find((known) => known !== undefined);
}

/** OSV ecosystems to ask, best known first; empty for a distribution or release that no source of advisories names. */
export function releasesOf(distribution: Distribution): readonly string[] {
  const id = distributionIdOf(distribution);
  return id === undefined ? [] : (releases.get(id)?.({ ...distribution, id }) ?? []);
}
