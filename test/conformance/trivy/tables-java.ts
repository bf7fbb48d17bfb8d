// SPDX-License-Identifier: Apache-2.0
// Rows of Trivy's Java packages that are not "file -> packages".
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isLicenseFile,
  manifestLicenses,
  parseBundleLicense,
} from '../../../src/evidence/package-facts/java-archive.ts';
import { mavenLicenses } from '../../../src/evidence/package-facts/maven-licenses.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../src/formats/document.ts';
import { parseManifest } from '../../../src/formats/java-manifest.ts';
import { parsePom } from '../../../src/formats/maven-pom.ts';
import type { EffectiveRepository, MavenSettings } from '../../../src/formats/maven-settings.ts';
import {
  effectiveRepositories,
  mergeMavenSettings,
  mirrorOf,
  parseMavenSettings,
} from '../../../src/formats/maven-settings.ts';
import type { SourceFile } from '../../../src/sources/source.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed } from '../pack.ts';
import { catalogInput } from './catalog.ts';
import { inputOf, readTxtar } from './inputs.ts';
import { mappingOf } from './mapping.ts';
import { mavenFilesMissing } from './maven-fixtures.ts';
import type { Row, RowRunner } from './rows.ts';
import { folderOf, unmapped } from './rows.ts';

/**
 * The servers of the test are archives of project files: shown as local repositories in the tree. Only the licence of each package
 * that the row names is compared, as upstream does.
 */
function runRemoteRepositories(row: Row, root: string): CaseResult {
  const mapping = mappingOf(row);
  const input = inputOf(row, root);
  if (mapping === undefined || input === undefined || row['wantPackages'] === undefined) return unmapped(row);
  const output = catalogInput({ ...input, alongside: repositoriesOf(row, root) }, mapping, row);
  if (output === undefined) return failed(`catalogers ${mapping.catalogers.join(', ')}`, 'not in the list');
  const reason = mavenFilesMissing(input, []);
  if (reason !== undefined) return { outcome: 'skipped', reason };
  const packages = output.lists.flatMap((list) => list.packages);
  const wanted = entriesOf(row['wantPackages']).map(([id, license]) => [id.split('::')[0], license]);
  const actual = wanted.map(([id]) => [
    id,
    packages.find((item) => `${item.name}:${item.version}` === id)?.licenses[0],
  ]);
  return expectEqual(wanted, actual);
}

function repositoriesOf(row: Row, root: string): SourceFile[] {
  const archives = (row.inputs ?? [])
    .filter((path) => path.endsWith('.txtar'))
    .map((path) => join(root, 'inputs', path));
  const files = archives.filter(existsSync).map((path) => readTxtar(readFileSync(path, 'utf8')));
  return files.flatMap((list, index) => list.map((file) => ({ ...file, path: `repository-${index}/${file.path}` })));
}

function runProxies(): CaseResult {
  return { outcome: 'skipped', reason: 'chooses a proxy for downloads; nothing is downloaded from Maven repositories' };
}

/** `envs` names the home folder and the installation; the user's file lies in `.m2`, the other in `conf`. */
function runReadSettings(row: Row, root: string): CaseResult {
  const environment = row['envs'] as Readonly<Record<string, string>>;
  const read = (folder: string | undefined, name: string): MavenSettings | undefined => {
    const path = join(root, 'inputs', folderOf(row), folder ?? '', name);
    if (folder === undefined || folder === '' || !existsSync(path)) return undefined;
    return parseMavenSettings(readFileSync(path), name, environment).settings;
  };
  const user = read(environment['HOME'], '.m2/settings.xml');
  const installation = read(environment['MAVEN_HOME'], 'conf/settings.xml');
  const settings = user && installation ? mergeMavenSettings(user, installation) : (user ?? installation);
  return settings === undefined ? unmapped(row) : expectEqual(settingsOf(row['wantSettings']), settings);
}

function runEffectiveRepositories(row: Row): CaseResult {
  const actual = effectiveRepositories(settingsOf(row['s']));
  return expectEqual(asArray(row['want']).map(wantedRepository), actual.map(comparedRepository));
}

/** The address of the repository is lost in the pack, so that only what the settings say of it by id can be run. */
function runMirror(row: Row): CaseResult {
  if (row['configMirrors'] !== undefined) {
    return {
      outcome: 'skipped',
      reason: "mirrors of Trivy's own configuration file, by addresses that the pack does not hold",
    };
  }
  const id = asString(asObject(row['repo'])?.['id']) ?? '';
  const settings = settingsOf({ Mirrors: row['settingsMirrors'] });
  const found = mirrorOf({ id, url: '' }, settings);
  return expectEqual(
    asArray(row['want']).map((item) => asObject(item)?.['id']),
    [found?.id ?? id],
  );
}

function wantedRepository(value: unknown): unknown {
  const item = asObject(value);
  return {
    id: item?.['id'],
    hasReleases: item?.['releaseEnabled'] === true,
    hasSnapshots: item?.['snapshotEnabled'] === true,
  };
}

function comparedRepository({ id, hasReleases, hasSnapshots }: EffectiveRepository): unknown {
  return { id, hasReleases, hasSnapshots };
}

/** Settings as Go writes them; absent fields are empty. */
function settingsOf(value: unknown): MavenSettings {
  const fields = asObject(value) ?? {};
  const text = (item: unknown, name: string): string => asString(asObject(item)?.[name]) ?? '';
  return {
    localRepository: text(fields, 'LocalRepository'),
    servers: asArray(fields['Servers']).map((item) => ({
      id: text(item, 'ID'),
      username: text(item, 'Username'),
      password: text(item, 'Password'),
    })),
    profiles: asArray(fields['Profiles']).map((item) => ({
      id: text(item, 'ID'),
      isActiveByDefault: asObject(item)?.['ActiveByDefault'] === true,
      repositories: asArray(asObject(item)?.['Repositories']).map((repository) => ({
        id: text(repository, 'ID'),
        url: text(repository, 'URL'),
        releases: text(repository, 'ReleasesEnabled'),
        snapshots: text(repository, 'SnapshotsEnabled'),
      })),
    })),
    activeProfiles: asStrings(fields['ActiveProfiles']),
    mirrors: asArray(fields['Mirrors']).map((item) => ({
      id: text(item, 'ID'),
      name: text(item, 'Name'),
      url: text(item, 'URL'),
      mirrorOf: text(item, 'MirrorOf'),
    })),
    proxies: asArray(fields['Proxies']).map((item) => ({
      id: text(item, 'ID'),
      active: text(item, 'Active'),
      protocol: text(item, 'Protocol'),
      host: text(item, 'Host'),
      port: text(item, 'Port'),
      username: text(item, 'Username'),
      password: text(item, 'Password'),
      nonProxyHosts: text(item, 'NonProxyHosts'),
    })),
  };
}

/**
 * A project file in Gradle's cache, seen through a lock file that names the artifact and what it needs: licences and edges must
 * come from the project file.
 */
function runGradlePom(row: Row, root: string): CaseResult {
  const input = inputOf(row, root);
  const path = asString(row['inputPath']);
  const [groupId = '', artifactId = '', version = ''] = path?.split('/').slice(-5) ?? [];
  const bytes = input?.files[0]?.bytes;
  if (path === undefined || bytes === undefined) return unmapped(row);
  const want = asObject(row['want']);
  const licenses = asArray(asObject(want?.['Licenses'])?.['License']).map((item) => asObject(item)?.['Name']);
  const needs = asArray(asObject(want?.['Dependencies'])?.['Dependency']).map((item) => {
    const { GroupID, ArtifactID, Version } = asObject(item) ?? {};
    return [GroupID, ArtifactID, Version].map((part) => asString(part) ?? '').join(':');
  });
  const lines = [
    `${groupId}:${artifactId}:${version}=runtimeClasspath`,
    ...needs.map((item) => `${item}=runtimeClasspath`),
  ];
  const files = [{ path: 'gradle.lockfile', bytes: new TextEncoder().encode(lines.join('\n')) }];
  const output = catalogInput(
    { kind: 'folder', files, alongside: [{ path, bytes }] },
    { catalogers: ['gradle-lockfile'] },
    row,
  );
  const found = output?.lists[0]?.packages.find((item) => item.name === `${groupId}:${artifactId}`);
  const actual = { licenses: found?.licenses, needs: found?.dependsOn.map((id) => id.replace('@', ':')) };
  return expectEqual({ licenses, needs }, actual);
}

function runBundleLicense(row: Row): CaseResult {
  return expectEqual(asArray(row['want']), parseBundleLicense(asString(row['header']) ?? ''));
}

function runLicenseFile(row: Row): CaseResult {
  return expectEqual(row['want'], isLicenseFile(asString(row['path']) ?? ''));
}

function runPluginLicense(row: Row): CaseResult {
  const licenses = manifestLicenses(parseManifest(asString(row['line']) ?? ''));
  return expectEqual(row['want'], licenses[0] ?? '');
}

function runPomLicenses(row: Row): CaseResult {
  const model = parsePom(new TextEncoder().encode(asString(row['xml']) ?? ''), 'pom.xml');
  return expectEqual(asArray(row['want']), mavenLicenses(model));
}

function runPomLicense(row: Row): CaseResult {
  const license = { name: asString(row['licName']), url: asString(row['licURL']) };
  return expectEqual(row['want'], mavenLicenses({ licenses: [license] })[0] ?? '');
}

/** The addresses of the repositories are lost in the pack, so that patterns over addresses cannot be run. */
function runMirrorPatterns(row: Row): CaseResult {
  const patterns = asStrings(row['patterns']);
  if (patterns.some((pattern) => pattern.startsWith('external:'))) {
    return { outcome: 'skipped', reason: 'the address of the repository is not in the pack' };
  }
  const mirrors = [{ id: 'm', name: '', url: '', mirrorOf: patterns.join(',') }];
  return expectEqual(row['want'], mirrorOf({ id: asString(row['repoID']) ?? '', url: '' }, { mirrors }) !== undefined);
}

export const javaRunners: readonly RowRunner[] = [
  { prefix: 'pkg/dependency/parser/java/jar/parse_test.go#TestParseBundleLicense/', run: runBundleLicense },
  { prefix: 'pkg/dependency/parser/java/jar/parse_test.go#TestIsJarLicenseFile/', run: runLicenseFile },
  { prefix: 'pkg/dependency/parser/java/jar/parse_test.go#TestParsePluginLicenseName/', run: runPluginLicense },
  { prefix: 'pkg/dependency/parser/java/jar/parse_test.go#TestDecodePomLicenses/', run: runPomLicenses },
  { prefix: 'pkg/dependency/parser/java/pom/parse_test.go#TestPomLicenseName/', run: runPomLicense },
  { prefix: 'pkg/dependency/parser/java/pom/mirror_test.go#Test_mirror_matches/', run: runMirrorPatterns },
  { prefix: 'pkg/dependency/parser/java/pom/parse_test.go#TestPom_Parse_Remote_Repos/', run: runRemoteRepositories },
  { prefix: 'pkg/dependency/parser/java/pom/settings_test.go#Test_ReadSettings/', run: runReadSettings },
  {
    prefix: 'pkg/dependency/parser/java/pom/settings_test.go#Test_effectiveRepositories/',
    run: runEffectiveRepositories,
  },
  { prefix: 'pkg/dependency/parser/java/pom/settings_test.go#Test_effectiveProxies/', run: runProxies },
  { prefix: 'pkg/dependency/parser/java/pom/mirror_test.go#TestParser_mirrorFor/', run: runMirror },
  { prefix: 'pkg/fanal/analyzer/language/java/gradle/pom_test.go#Test_parsePom/', run: runGradlePom },
];
