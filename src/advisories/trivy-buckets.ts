// SPDX-License-Identifier: Apache-2.0
// Names that Trivy's database gives to its buckets and sources, as the OSV ecosystems and sources of our advisories.
import { debianRelease } from './debian-releases.ts';

/** Last words of the buckets of languages. */
const languages: Readonly<Record<string, string>> = {
  go: 'Go',
  composer: 'Packagist',
  pip: 'PyPI',
  npm: 'npm',
  rubygems: 'RubyGems',
  maven: 'Maven',
  nuget: 'NuGet',
  cargo: 'crates.io',
  julia: 'Julia',
  pub: 'Pub',
  erlang: 'Hex',
  conan: 'ConanCenter',
  swift: 'SwiftURL',
  cocoapods: 'CocoaPods',
  bitnami: 'Bitnami',
  k8s: 'kubernetes',
};

/** What stands before the release in the buckets of distributions, and how the ecosystem is named with that release. */
const distributions: readonly (readonly [RegExp, (release: string) => string])[] = [
  [/^alpine (.+)$/, (release) => `Alpine:${release === 'edge' ? 'edge' : `v${release}`}`],
  [/^debian (.+)$/, (release) => debianRelease(release) ?? `Debian:${release}`],
  [/^ubuntu (.+)-ESM$/, (release) => `Ubuntu:Pro:${withLts(release)}`],
  [/^ubuntu (.+)$/, (release) => `Ubuntu:${withLts(release)}`],
  [/^alma (.+)$/, (release) => `AlmaLinux:${release}`],
  [/^rocky (.+)$/, (release) => `Rocky Linux:${release}`],
  [/^fedora (.+)$/, (release) => `Fedora:${release}`],
  [/^amazon linux (.+)$/, (release) => `Amazon Linux:${release}`],
  [/^Oracle Linux (.+)$/, (release) => `Oracle Linux:${release}`],
  [/^Photon OS (.+)$/, (release) => `Photon OS:${release}`],
  [/^CBL-Mariner (\d+)(?:\..*)?$/, (release) => `CBL-Mariner:${release}`],
  [/^Azure Linux (\d+)(?:\..*)?$/, (release) => `Azure Linux:${release}`],
  [/^openSUSE Leap (.+)$/, (release) => `openSUSE:Leap ${release}`],
  [/^openSUSE Tumbleweed()$/, () => 'openSUSE:Tumbleweed'],
  [/^SUSE Linux Enterprise (\d.*)$/, (release) => `SUSE:Linux Enterprise Server ${release.replace(/-SP|\./, ' SP')}`],
  [/^Red Hat (.+)$/, (release) => `Red Hat:${release}`],
  [/^wolfi()$/, () => 'Wolfi'],
  [/^chainguard()$/, () => 'Chainguard'],
  [/^minimos()$/, () => 'MinimOS'],
  [/^echo()$/, () => 'Echo'],
  [/^bottlerocket()$/, () => 'Bottlerocket'],
  [/^archlinux()$/, () => 'Arch Linux'],
];

/** Suppliers that patch packages of distributions: the word in front of the distribution's bucket, and ours. */
const suppliers: readonly (readonly [word: string, prefix: string])[] = [
  ['seal ', 'Seal'],
  ['root.io ', 'Root'],
  ['rapidfort ', 'RapidFort'],
];

/** A supplier's bucket without release: all releases of the distribution. */
const wholeDistributions: Readonly<Record<string, string>> = {
  alpine: 'Alpine',
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  'Red Hat': 'Red Hat',
};

function withLts(release: string): string {
  return /^\d[02468]\.04$/.test(release) ? `${release}:LTS` : release;
}

/** Empty for buckets that hold no advisories, or those of an ecosystem that has no name here. */
export function ecosystemOfBucket(bucket: string): readonly string[] {
  const [prefix = '', source] = bucket.split('::');
  if (source !== undefined) {
    const words = prefix.split(' ');
    const base = languages[words.at(-1) ?? ''];
    if (base === undefined) return [];
    return [words.length > 1 ? `${supplierWord(words[0] ?? '')}:${base}` : base];
  }
  for (const [word, supplier] of suppliers) {
    if (!bucket.startsWith(word)) continue;
    const rest = bucket.slice(word.length);
    const whole = wholeDistributions[rest];
    return (whole === undefined ? ecosystemOfBucket(rest) : [whole]).map((name) => `${supplier}:${name}`);
  }
  for (const [pattern, name] of distributions) {
    const release = pattern.exec(bucket)?.[1];
    if (release !== undefined) return [name(release)];
  }
  return [];
}

function supplierWord(word: string): string {
  return suppliers.find(([known]) => known.trim() === word)?.[1] ?? 'Seal';
}

/** `cpe:/o:redhat:enterprise_linux:7::server` -> `Red Hat:enterprise_linux:7::server`. */
export function ecosystemOfCpe(cpe: string): string | undefined {
  const name = /^cpe:\/[oa]:redhat:(.{1,128})$/.exec(cpe)?.[1];
  return name === undefined ? undefined : `Red Hat:${name}`;
}

/** Sources that the attribution table has under another id; what is left out is named alike. */
const sourceIds: ReadonlyMap<string, string> = new Map([
  ['alma', 'almalinux'],
  ['arch-linux', 'arch'],
  ['azure', 'azure-linux'],
  ['cbl-mariner', 'azure-linux'],
  ['govulndb', 'go'],
  ['nodejs-security-wg', 'nodejs'],
  ['opensuse-cvrf', 'suse'],
  ['oracle-oval', 'oracle'],
  ['php-security-advisories', 'friendsofphp'],
  ['redhat-oval', 'redhat'],
  ['ruby-advisory-db', 'rubysec'],
  ['suse-cvrf', 'suse'],
  ['wolfi', 'chainguard'],
]);

/** Key of the attribution table for the id of a source, or of a vendor who rates, in Trivy's database. */
export function sourceOfTrivy(id: string): string {
  return sourceIds.get(id) ?? id;
}
