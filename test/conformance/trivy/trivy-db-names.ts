// SPDX-License-Identifier: Apache-2.0
// Names that trivy-db gives to buckets, as the OSV ecosystems of our advisories.

/** First words of the buckets of languages. */
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
};

/** What stands before the release in the buckets of distributions, and how the ecosystem is named with that release. */
const distributions: readonly (readonly [RegExp, (release: string) => string])[] = [
  [/^alpine (.+)$/, (release) => `Alpine:${release === 'edge' ? 'edge' : `v${release}`}`],
  [/^debian (.+)$/, (release) => `Debian:${release}`],
  [/^ubuntu (.+)-ESM$/, (release) => `Ubuntu:Pro:${withLts(release)}`],
  [/^ubuntu (.+)$/, (release) => `Ubuntu:${withLts(release)}`],
  [/^alma (.+)$/, (release) => `AlmaLinux:${release}`],
  [/^rocky (.+)$/, (release) => `Rocky Linux:${release}`],
  [/^amazon linux (.+)$/, (release) => `Amazon Linux:${release}`],
  [/^Oracle Linux (.+)$/, (release) => `Oracle Linux:${release}`],
  [/^Photon OS (.+)$/, (release) => `Photon OS:${release}`],
  [/^CBL-Mariner (\d+)(?:\..*)?$/, (release) => `CBL-Mariner:${release}`],
  [/^Azure Linux (\d+)(?:\..*)?$/, (release) => `Azure Linux:${release}`],
  [/^openSUSE Leap (.+)$/, (release) => `openSUSE:Leap ${release}`],
  [/^openSUSE Tumbleweed()$/, () => 'openSUSE:Tumbleweed'],
  [/^SUSE Linux Enterprise (\d.*)$/, (release) => `SUSE:Linux Enterprise Server ${release.replace(/-SP|\./, ' SP')}`],
  [/^wolfi()$/, () => 'Wolfi'],
  [/^chainguard()$/, () => 'Chainguard'],
  [/^minimos()$/, () => 'MinimOS'],
  [/^echo()$/, () => 'Echo'],
];

function withLts(release: string): string {
  return /^\d[02468]\.04$/.test(release) ? `${release}:LTS` : release;
}

/** Empty for buckets that hold no advisories, or those of an ecosystem that has no OSV name. */
export function ecosystemOfBucket(bucket: string): readonly string[] {
  const [prefix = '', source] = bucket.split('::');
  if (source !== undefined) {
    const words = prefix.split(' ');
    const base = languages[words.at(-1) ?? ''];
    if (base === undefined) return [];
    return [words.length > 1 ? `Seal:${base}` : base];
  }
  for (const [pattern, name] of distributions) {
    const release = pattern.exec(bucket)?.[1];
    if (release !== undefined) return [name(release)];
  }
  return [];
}

/** `cpe:/o:redhat:enterprise_linux:7::server` -> `Red Hat:enterprise_linux:7::server`. */
export function ecosystemOfCpe(cpe: string): string | undefined {
  const name = /^cpe:\/[oa]:redhat:(.{1,128})$/.exec(cpe)?.[1];
  return name === undefined ? undefined : `Red Hat:${name}`;
}
