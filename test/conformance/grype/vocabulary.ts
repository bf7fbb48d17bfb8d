// SPDX-License-Identifier: Apache-2.0
// Grype's words and ours: package types, distributions, fix states, severities, version formats. The one place of such mappings.
import { distributionIdOf } from '../../../src/advisories/distributions.ts';
import { orderOf } from '../../../src/advisories/versions/index.ts';
import type { VersionOrder } from '../../../src/advisories/versions/order.ts';
import { releaseAndChannels } from '../../../src/formats/os-release.ts';
import type { Distribution } from '../../../src/model/package.ts';
import { callOf, constant, fields, list, text } from './rows.ts';

/** Grype's package types (and the names of Syft's constants for them): our OSV ecosystem and type of package URL. */
const types: Readonly<Record<string, readonly [ecosystem: string, type: string]>> = {
  alpm: ['Arch Linux', 'alpm'],
  AlpmPkg: ['Arch Linux', 'alpm'],
  apk: ['apk', 'apk'],
  ApkPkg: ['apk', 'apk'],
  binary: ['', 'generic'],
  BinaryPkg: ['', 'generic'],
  'dart-pub': ['Pub', 'pub'],
  DartPubPkg: ['Pub', 'pub'],
  deb: ['deb', 'deb'],
  DebPkg: ['deb', 'deb'],
  dotnet: ['NuGet', 'nuget'],
  DotnetPkg: ['NuGet', 'nuget'],
  'erlang-otp': ['otp', 'otp'],
  gem: ['RubyGems', 'gem'],
  GemPkg: ['RubyGems', 'gem'],
  'github-action': ['GitHub Actions', 'github'],
  GithubActionPkg: ['GitHub Actions', 'github'],
  'go-module': ['Go', 'golang'],
  GoModulePkg: ['Go', 'golang'],
  hex: ['Hex', 'hex'],
  HexPkg: ['Hex', 'hex'],
  'java-archive': ['Maven', 'maven'],
  JavaPkg: ['Maven', 'maven'],
  JenkinsPluginPkg: ['Maven', 'maven'],
  'linux-kernel': ['', 'generic'],
  LinuxKernelPkg: ['', 'generic'],
  'lua-rocks': ['luarocks', 'luarocks'],
  npm: ['npm', 'npm'],
  NpmPkg: ['npm', 'npm'],
  'php-composer': ['Packagist', 'composer'],
  PhpComposerPkg: ['Packagist', 'composer'],
  'php-pecl': ['pecl', 'pecl'],
  pod: ['cocoapods', 'cocoapods'],
  portage: ['Gentoo', 'ebuild'],
  PortagePkg: ['Gentoo', 'ebuild'],
  python: ['PyPI', 'pypi'],
  PythonPkg: ['PyPI', 'pypi'],
  'R-package': ['CRAN', 'cran'],
  Rpkg: ['CRAN', 'cran'],
  rpm: ['rpm', 'rpm'],
  RpmPkg: ['rpm', 'rpm'],
  'rust-crate': ['crates.io', 'cargo'],
  RustPkg: ['crates.io', 'cargo'],
  swift: ['SwiftURL', 'swift'],
  SwiftPkg: ['SwiftURL', 'swift'],
  UnknownPkg: ['', 'generic'],
};

/** Type of package URL for a type of Grype; the word itself where it is none of them. */
export function purlTypeOf(type: unknown): string {
  const word = constant(type);
  return types[word]?.[1] ?? word;
}

/** OSV ecosystem for a type of Grype; the word itself where it is none of them. */
export function ecosystemOfType(type: unknown): string {
  const word = constant(type);
  return types[word]?.[0] ?? word;
}

/** Names of distributions: `redhat` is `rhel`, `amazonlinux` is `amzn`. */
export function distributionId(name: unknown): string {
  const word = constant(name).toLowerCase();
  return distributionIdOf({ id: word, idLike: [], name: word }) ?? word;
}

const helpers: Readonly<Record<string, readonly [id: string, channel: string]>> = {
  newESMDistro: ['ubuntu', 'esm'],
  newEUSDistro: ['rhel', 'eus'],
};

/** A distribution that a row gives as an object or as a call (`distro.New("redhat", "8", "")`); undefined for nil. */
export function distributionOf(value: unknown): Distribution | undefined {
  const call = callOf(value);
  if (call?.name === 'withChannels') {
    const base = distributionOf(call.args[0]);
    return base === undefined ? undefined : { ...base, channels: call.args.slice(1).map(text) };
  }
  const helper = call === undefined ? undefined : helpers[call.name];
  if (helper !== undefined)
    return { id: helper[0], idLike: [], name: helper[0], versionId: text(call?.args[0]), channels: [helper[1]] };
  if (call?.name === 'New') return named(call.args[0], call.args[1], call.args[2]);
  const given = fields(value);
  if (Object.keys(given).length === 0 || given['Type'] === undefined) return undefined;
  const found = named(given['Type'], given['Version'], given['Codename']);
  const channels = list(given['Channels']).map(text);
  return channels.length === 0 ? found : { ...found, channels };
}

function named(type: unknown, version: unknown, codename: unknown): Distribution {
  const name = text(codename);
  return {
    id: distributionId(type),
    idLike: [],
    name: constant(type),
    ...releaseAndChannels(text(version) === 'rolling' ? '' : text(version)),
    ...(name === '' ? {} : { codename: name }),
  };
}

const fixStates: Readonly<Record<string, string>> = {
  'wont-fix': 'will-not-fix',
  FixStateFixed: 'fixed',
  FixStateNotFixed: 'not-fixed',
  FixStateWontFix: 'will-not-fix',
  FixStateUnknown: 'unknown',
  '': 'unknown',
};

/** Fix states; Grype writes `wont-fix`, and nothing for unknown. */
export function fixStateOf(state: unknown): string {
  const word = constant(state);
  return fixStates[word] ?? word;
}

/** `vulnerability.HighSeverity` or `High` as our word. */
export function severityOf(value: unknown): string {
  return constant(value)
    .replace(/Severity$/, '')
    .toLowerCase();
}

const formats: Readonly<Record<string, string>> = {
  alpm: 'pacman',
  apk: 'apk',
  ApkFormat: 'apk',
  bitnami: 'bitnami',
  deb: 'dpkg',
  DebFormat: 'dpkg',
  dpkg: 'dpkg',
  gem: 'rubygems',
  GemFormat: 'rubygems',
  go: 'golang',
  GolangFormat: 'golang',
  jvm: 'jvm',
  kb: 'kb',
  maven: 'maven',
  MavenFormat: 'maven',
  pacman: 'pacman',
  PacmanFormat: 'pacman',
  python: 'pep440',
  PythonFormat: 'pep440',
  rpm: 'rpm',
  RpmFormat: 'rpm',
  semver: 'semver',
  semantic: 'semver',
  SemanticFormat: 'semver',
};

/** The order of a version format; what Grype calls unknown is our fuzzy order. */
export function orderOfFormat(format: unknown): VersionOrder {
  const order = orderOf(formats[constant(format)] ?? 'fuzzy');
  if (order === undefined) throw new Error(`no order for ${text(format)}`);
  return order;
}
