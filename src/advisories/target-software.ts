// SPDX-License-Identifier: Apache-2.0
// What CPE names call "target software": in which world a product lives (`node.js`, `python`, `wordpress`). A package of another world
// that merely has the same name is not meant.
import type { Cpe } from '../formats/cpe.ts';
import { systemTypes } from '../formats/purl-package.ts';
import type { Package } from '../model/package.ts';

/** Words seen in CPE names by the purl type of the packages they mean; words of no package type stand for themselves. */
const words: Readonly<Record<string, string>> = {
  apk: 'alpine alpine-linux apk wolfi chainguard',
  alpm: 'arch arch-linux archlinux pacman',
  cargo: 'cargo crates rust rust-lang',
  clojars: 'clojure clojars',
  cocoapods: 'cocoapods',
  composer: 'composer packagist php',
  conan: 'c c++ conan',
  conda: 'anaconda conda',
  cpan: 'cpan perl',
  cran: 'cran r',
  deb: 'debian debian-linux dpkg ubuntu ubuntu-linux',
  ebuild: 'gentoo gentoo-linux portage',
  gem: 'gem rails ruby ruby-on-rails rubygem rubygems',
  github: 'github-actions',
  golang: 'go go-lang golang',
  hackage: 'hackage haskell',
  hex: 'elixir erlang hex',
  jenkins: 'cloudbees-jenkins jenkins jenkins-ci jenkins-plugin',
  luarocks: 'lua luarocks',
  maven: 'android-java apache-maven gradle java java-se java-virtual-machine jvm kafka log4j maven spring tomcat',
  npm: 'express javascript node node-js node.js nodejs npm react typescript yarn',
  nuget: '.net .net-core .net-framework asp.net asp.net-core c# dotnet dotnet-core nuget',
  pub: 'dart flutter pub',
  pypi: 'pip pypi python python3',
  rpm: 'centos fedora opensuse red-hat redhat rhel rocky rpm sles suse suse-linux',
  swift: 'swift',
  wordpress: 'wordpress wordpress-plugin wordpress-theme',
};

const families: ReadonlyMap<string, string> = new Map(
  Object.entries(words).flatMap(([family, list]) => list.split(' ').map((word) => [word, family] as const)),
);

/** Worlds that have no package type here but are known to be one. */
const otherWorlds: ReadonlySet<string> = new Set(
  'android chrome cloudflare concrete5 crowd docker dokuwiki drupal eclipse excel firefox ios iphone-os jira joomla joomla! kubernetes macos magento mediawiki mybb phpbb prestashop shopware sketchup typo3 visual-studio-code vscode windows xenforo'.split(
    ' ',
  ),
);

function wordOf(target: string): string {
  return target
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
}

/** `*`, `-`, `?` and nothing say nothing. */
function saysSomething(target: string): boolean {
  return /[a-z0-9]/i.test(target);
}

/** The worlds that the words mean, each once: a purl type, or the word itself where it has none. */
export function targetFamilies(targets: readonly string[]): readonly string[] {
  return [
    ...new Set(
      targets
        .filter(saysSomething)
        .map(wordOf)
        .map((word) => families.get(word) ?? word),
    ),
  ];
}

/** Whether two lists of target software have a world in common. Wildcards are in none. */
export function shareTarget(one: readonly string[], other: readonly string[]): boolean {
  const known = new Set(targetFamilies(one));
  return targetFamilies(other).some((family) => known.has(family));
}

/** Whether the word names a world at all. */
export function isKnownTarget(target: string): boolean {
  const word = wordOf(target);
  return families.has(word) || otherWorlds.has(word);
}

/**
 * Whether a vulnerability of these products can concern the package, as far as target software tells. Operating system packages, binaries
 * and Java archives hold software of any world (matches Grype).
 */
export function isOfTarget(item: Pick<Package, 'type'>, named: readonly Cpe[], vulnerable: readonly Cpe[]): boolean {
  if (vulnerable.length === 0 || holdsAnything(item.type)) return true;
  if (named.length === 0) return false;
  const targets = vulnerable.map((cpe) => cpe.targetSoftware ?? '');
  if (targets.some((target) => !saysSomething(target) || !isKnownTarget(target))) return true;
  return (
    shareTarget(
      named.map((cpe) => cpe.targetSoftware ?? ''),
      targets,
    ) || targetFamilies(targets).includes(item.type)
  );
}

function holdsAnything(type: string): boolean {
  return systemTypes.has(type) || type === 'generic' || type === 'maven' || type === '';
}
