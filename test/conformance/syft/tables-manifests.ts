// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for Rust, PHP, Ruby, Swift, Elixir, Erlang, WordPress and system packages that have a counterpart here.
// Each row becomes a small file, which the cataloger reads.
import { installedBytes } from '../../../src/evidence/package-facts/dpkg-status.ts';
import { asObject, asString, asStrings, entriesOf } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { catalogTexts, packagesIn } from './tables-python.ts';

function packageOf(cataloger: string, files: Readonly<Record<string, string>>): Package | undefined {
  return packagesIn(catalogTexts([cataloger], files))[0];
}

/** Name and version stand in `args`, in the row, or (the version alone) beside the name of the row. */
function identityOf(row: Row): { readonly name: string; readonly version: string } {
  const args = asObject(row['args']) ?? row;
  const name =
    asString(args['name'] ?? args['packageName'] ?? args['pkgName']) ?? row.id.slice(row.id.lastIndexOf('/') + 1);
  return { name, version: asString(args['version'] ?? args['packageVersion']) ?? '' };
}

function wantedPurl(row: Row): unknown {
  return row['want'] ?? row['expected'] ?? '';
}

function crate(row: Row): CaseResult {
  const { name, version } = identityOf(row);
  const source = 'source' in row ? asString(row['source']) : 'registry+x';
  const lines = [
    `name = "${'source' in row ? 'telemetry' : name}"`,
    `version = "${'source' in row ? '0.1.0' : version}"`,
  ];
  if (source !== '' && source !== undefined) lines.push(`source = "${source}"`);
  const found = packageOf('cargo-lock', { 'Cargo.lock': `[[package]]\n${lines.join('\n')}\n` });
  return expectEqual(wantedPurl(row), found?.purl ?? '');
}

function composerName(row: Row): CaseResult {
  const found = packageOf('composer-lock', { 'composer.lock': JSON.stringify({ packages: [identityOf(row)] }) });
  return expectEqual(wantedPurl(row), found?.purl);
}

function gem(row: Row): CaseResult {
  const { name, version } = identityOf(row);
  const found = packageOf('gemfile-lock', { 'Gemfile.lock': `GEM\n  specs:\n    ${name} (${version})\n` });
  return expectEqual(wantedPurl(row), found?.purl);
}

/** Fields that a row leaves out are filled, because a gem without name or version is none. */
function gemspecHomepage(row: Row): CaseResult {
  const fields = { name: 'x', version: '0', ...Object.fromEntries(entriesOf(row['fields'])) };
  const lines = Object.entries(fields).map(([key, value]) => `  s.${key} = "${value}"`);
  const text = `Gem::Specification.new do |s|\n${lines.join('\n')}\nend\n`;
  return expectEqual(row['wantHomepage'], packageOf('gemspec', { 'x.gemspec': text })?.facts?.homepage);
}

function swiftPin(row: Row): CaseResult {
  const { name, version } = identityOf(row);
  const pins = [{ identity: name, location: row['sourceURL'], state: { version } }];
  const found = packageOf('swift-package-resolved', { 'Package.resolved': JSON.stringify({ version: 2, pins }) });
  return expectEqual(wantedPurl(row), found?.purl);
}

function pod(row: Row): CaseResult {
  const { name, version } = identityOf(row);
  return expectEqual(
    wantedPurl(row),
    packageOf('podfile-lock', { 'Podfile.lock': `PODS:\n  - ${name} (${version})\n` })?.purl,
  );
}

/** Dependencies count only when they are in the lock file: each wanted one gets an entry. */
function mixLine(row: Row): CaseResult {
  const want = asStrings(row['want']);
  const others = want.map((name) => `  "${name}": {:hex, :${name}, "1.0.0"},`);
  const output = catalogTexts(['mix-lock'], {
    'mix.lock': `%{\n${asString(row['line']) ?? ''}\n${others.join('\n')}\n}\n`,
  });
  const found = packagesIn(output).find((item) => !want.includes(item.name));
  return expectEqual(want.toSorted(), found?.dependsOn.map((id) => id.split('@')[0]).sort() ?? []);
}

function erlangTerm(row: Row): CaseResult {
  const { problems } = catalogTexts(['otp-app'], { 'x.app': asString(row['content']) ?? '' });
  if ((row['wantErr'] === 'require.Error') === problems.length > 0) return passed;
  return failed(row['wantErr'] ?? 'no problem', problems);
}

function pluginHeader(row: Row): CaseResult {
  const text = `<?php\n/*\n${asString(row['in']) ?? ''}\n*/\n`;
  const found = packageOf('wordpress-plugin', { 'wp-content/plugins/x/x.php': text });
  const ours = {
    name: found?.name,
    version: found?.version === '' ? undefined : found?.version,
    license: found?.licenses[0],
    author: found?.facts?.author,
    author_uri: found?.facts?.other?.['authorPage'],
  };
  return expectEqual(row['want'], ours);
}

function osRelease(row: Row): Readonly<Record<string, string>> {
  const distro = asObject(row['distro']);
  if (distro === undefined) return {};
  const field = (name: string, key: string): string => {
    const value = asString(distro[key]);
    return value === undefined ? '' : `${name}="${value}"\n`;
  };
  return { 'etc/os-release': field('ID', 'ID') + field('VERSION_ID', 'VersionID') + field('BUILD_ID', 'BuildID') };
}

function debianPurl(row: Row): CaseResult {
  const metadata = asObject(row['metadata']) ?? {};
  const source = asString(metadata['Source']);
  const sourceVersion = asString(metadata['SourceVersion']);
  const lines = [`Package: ${asString(metadata['Package'])}`, `Version: ${asString(metadata['Version'])}`];
  if (source !== undefined) lines.push(`Source: ${source}${sourceVersion === undefined ? '' : ` (${sourceVersion})`}`);
  const architecture = asString(metadata['Architecture']);
  if (architecture !== undefined) lines.push(`Architecture: ${architecture}`);
  const files = { ...osRelease(row), 'var/lib/dpkg/status.d/x': `${lines.join('\n')}\n` };
  return expectEqual(wantedPurl(row), packageOf('dpkg-status', files)?.purl ?? '');
}

function debianSource(row: Row): CaseResult {
  const [name, version] = asStrings(row['expected']);
  const source = asString(row['input']) ?? '';
  const found = packageOf('dpkg-status', { 'var/lib/dpkg/status.d/x': `Package: p\nVersion: v\nSource: ${source}\n` });
  // Without a source, or a version of it, the package stands for itself.
  return expectEqual([name || 'p', version || 'v'], [found?.sources?.[0]?.name, found?.sources?.[0]?.version]);
}

function opkgLicense(row: Row): CaseResult {
  const license = asString(row['raw']) ?? asString(asObject(row['metadata'])?.['License']) ?? '';
  const found = packageOf('opkg-status', {
    'usr/lib/opkg/info/x.control': `Package: x\nVersion: 1\nLicense: ${license}\n`,
  });
  return expectEqual(row['expected'] ?? [], found?.licenses);
}

function brokenStatus(row: Row): CaseResult {
  const files = { 'etc/os-release': 'ID=debian\nVERSION_ID=10\n', 'var/lib/dpkg/status': asString(row['input']) ?? '' };
  const { problems } = catalogTexts(['dpkg-status'], files);
  // A package without version is listed, and told of because nothing can be looked up for it; Syft lists it without a word.
  const told = problems.filter((problem) => !Array.isArray(row['want']) || !/without version/.test(problem.message));
  const wantsError = row['wantErr'] !== undefined && row['wantErr'] !== 'require.NoError';
  return wantsError === told.length > 0 ? passed : failed(row['wantErr'] ?? 'no problem', problems);
}

/** One line of a paragraph. Only the size has a value that is not text; ours counts in bytes as well. */
function statusLine(row: Row): CaseResult {
  const line = asString(row['line']) ?? '';
  const isError = asObject(row['wantErr']) !== undefined;
  const text = `Package: p\nVersion: 1\n${line}\n`;
  const { lists, problems } = catalogTexts(['dpkg-status'], { 'var/lib/dpkg/status.d/x': text });
  if (isError) return problems.length > 0 ? passed : failed(row['wantErr'], lists);
  if (typeof row['wantVal'] !== 'number') return problems.length === 0 ? passed : failed('no problem', problems);
  return expectEqual(row['wantVal'], installedBytes(line.slice(line.indexOf(':') + 1)));
}

function apkPurl(row: Row): CaseResult {
  const entry = asObject(asObject(row['metadata'])?.['ApkDBEntry']) ?? {};
  const keys = { P: 'Package', V: 'Version', A: 'Architecture', o: 'OriginPackage' };
  const lines = Object.entries(keys).flatMap(([key, name]) =>
    asString(entry[name]) ? [`${key}:${asString(entry[name])}`] : [],
  );
  const files = { ...osRelease(row), 'lib/apk/db/installed': `${lines.join('\n')}\n` };
  return expectEqual(wantedPurl(row), packageOf('apk-installed', files)?.purl);
}

/** A requirement leads to the package that provides the bare name. */
function apkRequirement(row: Row): CaseResult {
  const want = asString(row['want']) ?? '';
  const text = `P:a\nV:1\nD:${asString(row['version']) ?? ''}\n\nP:b\nV:1\np:${want}\n`;
  const found = packageOf('apk-installed', { 'lib/apk/db/installed': text });
  return expectEqual(want === '' ? [] : ['b@1'], found?.dependsOn);
}

function apkChecksum(row: Row): CaseResult {
  const want = asObject(row['want']) ?? {};
  const algorithm = asString(want['Algorithm']) ?? '';
  const value = asString(want['Value']) ?? '';
  // Ours is the digest itself: `Q1` and base64 are notation.
  const isSha1 = value.startsWith('Q1');
  const digest = isSha1 ? `sha1:${Buffer.from(value.slice(2), 'base64').toString('hex')}` : `${algorithm}:${value}`;
  const found = packageOf('apk-installed', { 'lib/apk/db/installed': `C:${asString(row['value'])}\nP:a\nV:1\n` });
  return expectEqual([digest], found?.digests);
}

function pacmanPurl(row: Row): CaseResult {
  const entry = asObject(asObject(row['metadata'])?.['AlpmDBEntry']) ?? {};
  const keys = { NAME: 'Package', VERSION: 'Version', ARCH: 'Architecture', BASE: 'BasePackage' };
  const sections = Object.entries(keys).flatMap(([key, name]) =>
    asString(entry[name]) ? [`%${key}%\n${asString(entry[name])}\n`] : [],
  );
  const files = { ...osRelease(row), 'var/lib/pacman/local/x/desc': sections.join('\n') };
  return expectEqual(wantedPurl(row), packageOf('pacman-local', files)?.purl);
}

/** A requirement with a version leads to the package that has the bare name. */
function pacmanRequirement(row: Row): CaseResult {
  const want = asString(row['want']) ?? '';
  const desc = (name: string, more: string): string => `%NAME%\n${name}\n\n%VERSION%\n1\n\n${more}`;
  const output = catalogTexts(['pacman-local'], {
    'var/lib/pacman/local/a/desc': desc('a', `%DEPENDS%\n${asString(row['version']) ?? ''}\n`),
    'var/lib/pacman/local/b/desc': desc(want, ''),
  });
  return expectEqual([`${want}@1`], packagesIn(output).find((item) => item.name === 'a')?.dependsOn);
}

function gentooLicenses(row: Row): CaseResult {
  const groups = entriesOf(row['groups']).map(([name, members]) => `${name} ${asStrings(members).join(' ')}`);
  const written = asString(row['license']) ?? asStrings(row['licenses']).join(' ');
  const files = {
    'var/db/pkg/a/b-1/PF': 'b-1',
    'var/db/pkg/a/b-1/LICENSE': written,
    'etc/portage/license_groups': groups.join('\n'),
  };
  const want = asString(row['wantExpression']) ?? asStrings(row['expected']).join(' AND ');
  return expectEqual(want, packageOf('portage-installed', files)?.licenses[0] ?? '');
}

export const manifestTables: TableChecks = {
  'rust/package#Test_packageURL': crate,
  'rust/package#TestNewPackageFromCargoMetadataPURL': crate,
  'php/package#Test_packageURL': composerName,
  'ruby/package#Test_packageURL': gem,
  'ruby/parse_gemspec#TestResolveRubyInterpolationsInFields': gemspecHomepage,
  'swift/package#Test_swiftPackageManagerPackageURL': swiftPin,
  'swift/package#Test_cocoaPodsPackageURL': pod,
  'elixir/dependency#Test_extractMixLockDependencies': mixLine,
  'erlang/erlang_parser#Test_parseErlang': erlangTerm,
  'wordpress/parse_plugin#Test_extractFields': pluginHeader,
  'debian/package#Test_packageURL': debianPurl,
  'debian/parse_dpkg_db#TestSourceVersionExtract': debianSource,
  'debian/package#Test_extractDeclaredLicenses': opkgLicense,
  'debian/package#Test_newDpkgPackage_declaredLicense': opkgLicense,
  'debian/parse_dpkg_db#Test_parseDpkgStatus_negativeCases': brokenStatus,
  'debian/parse_dpkg_db#Test_handleNewKeyValue': statusLine,
  'alpine/package#Test_PackageURL': apkPurl,
  'alpine/dependency#Test_stripVersionSpecifier': apkRequirement,
  'alpine/parse_apk_db#Test_processChecksum': apkChecksum,
  'arch/package#Test_PackageURL': pacmanPurl,
  'arch/dependency#Test_stripVersionSpecifier': pacmanRequirement,
  'gentoo/license#Test_extractLicenses': gentooLicenses,
  'gentoo/license#TestReplaceLicenseGroups': gentooLicenses,
};
