// SPDX-License-Identifier: Apache-2.0
// Namespaces as Grype writes them in its reports and in ignore rules: `github:language:python`, `debian:distro:debian:12`, `nvd:cpe`.

/** Ecosystem, and the language Grype files it under. */
const languages: ReadonlyMap<string, string> = new Map([
  ['crates.io', 'rust'],
  ['CRAN', 'R'],
  ['Go', 'go'],
  ['Hackage', 'haskell'],
  ['Hex', 'elixir'],
  ['Maven', 'java'],
  ['NuGet', 'dotnet'],
  ['Packagist', 'php'],
  ['Pub', 'dart'],
  ['PyPI', 'python'],
  ['RubyGems', 'ruby'],
  ['SwiftURL', 'swift'],
  ['npm', 'javascript'],
]);

interface System {
  readonly provider: string;
  readonly name: string;
  /** How the release of the ecosystem is written; default: its first two numbers. */
  readonly release?: 'rolling' | 'major' | 'with-minor' | 'as-written';
}

const systems: ReadonlyMap<string, System> = new Map<string, System>([
  ['AlmaLinux', { provider: 'almalinux', name: 'almalinux', release: 'major' }],
  ['Alpine', { provider: 'alpine', name: 'alpine' }],
  ['Amazon Linux', { provider: 'amazon', name: 'amazonlinux', release: 'major' }],
  ['Arch Linux', { provider: 'arch', name: 'archlinux', release: 'rolling' }],
  ['Azure Linux', { provider: 'mariner', name: 'azurelinux', release: 'with-minor' }],
  ['CBL-Mariner', { provider: 'mariner', name: 'mariner', release: 'with-minor' }],
  ['Chainguard', { provider: 'chainguard', name: 'chainguard', release: 'rolling' }],
  ['Debian', { provider: 'debian', name: 'debian', release: 'major' }],
  ['Echo', { provider: 'echo', name: 'echo', release: 'rolling' }],
  ['MinimOS', { provider: 'minimos', name: 'minimos', release: 'rolling' }],
  ['Oracle Linux', { provider: 'oracle', name: 'oraclelinux', release: 'major' }],
  ['Red Hat', { provider: 'redhat', name: 'redhat', release: 'major' }],
  ['SUSE', { provider: 'sles', name: 'sles', release: 'as-written' }],
  ['Ubuntu', { provider: 'ubuntu', name: 'ubuntu' }],
  ['Wolfi', { provider: 'wolfi', name: 'wolfi', release: 'rolling' }],
]);

/** Our names of sources where Grype's provider has another. */
const providers: ReadonlyMap<string, string> = new Map([['ghsa', 'github']]);

/** The namespace of an advisory of a source on packages of an OSV ecosystem. Others are made the same way from their own names. */
export function namespaceOf(source: string, ecosystem: string): string {
  if (ecosystem === 'CPE') return `${source}:cpe`;
  const colon = ecosystem.indexOf(':');
  const base = colon === -1 ? ecosystem : ecosystem.slice(0, colon);
  const release = colon === -1 ? '' : ecosystem.slice(colon + 1);
  const system = systems.get(base);
  if (system !== undefined) return `${system.provider}:distro:${system.name}:${releaseOf(release, system.release)}`;
  const provider = providers.get(source) ?? source;
  const language = languages.get(base);
  if (language !== undefined) return `${provider}:language:${language}`;
  return colon === -1
    ? `${provider}:language:${base.toLowerCase()}`
    : `${provider}:distro:${base.toLowerCase()}:${release}`;
}

function releaseOf(release: string, form: System['release']): string {
  if (form === 'rolling') return 'rolling';
  if (form === 'as-written') return suseRelease(release);
  // The numbers of `v3.19`, `22.04:LTS`, `Pro:16.04:LTS`, `enterprise_linux:8::baseos`.
  const [, major = '', minor] = /(?:^|:|v)(\d{1,8})(?:\.(\d{1,8}))?/.exec(release) ?? [];
  if (form === 'major') return major;
  if (form === 'with-minor') return `${major}.${minor ?? '0'}`;
  return minor === undefined ? major : `${major}.${minor}`;
}

/** `15.5` for `Linux Enterprise Server 15 SP5`. */
function suseRelease(release: string): string {
  const [, major = release, pack] = /(\d{1,3})(?:(?: SP|\.)(\d{1,2}))?(?:$|-| )/.exec(release) ?? [];
  return pack === undefined ? major : `${major}.${pack}`;
}
