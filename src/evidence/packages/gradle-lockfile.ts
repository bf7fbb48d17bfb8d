// SPDX-License-Identifier: Apache-2.0
// Gradle dependency locks: one `group:artifact:version=configurations` per line, or in older builds one file per configuration.
// https://docs.gradle.org/current/userguide/dependency_locking.html
import { cutOffProblem, decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mavenPackage } from '../package-facts/maven-coordinates.ts';
import { mavenLicenses } from '../package-facts/maven-licenses.ts';
import { mavenProjectOf } from '../package-facts/maven-project.ts';
import type { PomTree } from '../package-facts/maven-tree.ts';
import { pomCompanions, pomTreeOf } from '../package-facts/maven-tree.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { strongerScope } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const gradleLockfile = defineCataloger({
  id: 'gradle-lockfile',
  title: 'gradle.lockfile, buildscript-gradle.lockfile, gradle/dependency-locks/*.lockfile',
  ecosystems: ['maven'],
  kind: 'declared',
  files: ['**/gradle.lockfile', '**/buildscript-gradle.lockfile', '**/gradle/dependency-locks/*.lockfile'],
  companions: pomCompanions,
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'which package is direct',
      "licences and dependencies, unless Gradle's cache or a local Maven repository is in the target",
    ],
  },
  parse: parseGradleLockfile,
});

/** `name=configurations`; the name is `group:artifact:version`. */
interface LockedArtifact {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  readonly configurations: readonly string[];
  readonly line: number;
}

function parseGradleLockfile(file: SourceFile, files: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems = [...encoding];
  const artifacts = text.split('\n').flatMap((line, index) => readLine(line, { file, line: index + 1, problems }));
  // Gradle ends every file of this layout with the configurations that have no dependencies, even when there are none.
  if (isWholeLock(file.path) && text.trim() !== '' && !/^empty=/m.test(text))
    problems.push(cutOffProblem(file.path, 'the line "empty="'));
  const tree = pomTreeOf(files);
  const ids = new Map(artifacts.map((item) => [`${item.groupId}:${item.artifactId}`, idOf(item)]));
  return { packages: mergePackages(artifacts.map((item) => packageOfLine(item, file, { tree, ids }))), problems };
}

/** One file for all configurations; the older layout has a file for each. */
function isWholeLock(path: string): boolean {
  return !path.includes('dependency-locks/');
}

interface LineContext {
  readonly file: SourceFile;
  readonly line: number;
  readonly problems: Problem[];
}

function readLine(raw: string, context: LineContext): LockedArtifact[] {
  const line = raw.trim();
  if (line === '' || line.startsWith('#')) return [];
  const equals = line.indexOf('=');
  const name = equals === -1 ? line : line.slice(0, equals);
  const parts = name.split(':');
  const [groupId = '', artifactId = '', version = ''] = parts;
  if (name === 'empty') return [];
  if (parts.length !== 3 || groupId === '' || artifactId === '' || version === '') {
    const location = { path: context.file.path, line: context.line };
    const message = 'not a `group:artifact:version=configurations` line; passed over';
    context.problems.push({ kind: 'syntax', message, location, hidesFindings: true });
    return [];
  }
  const words = equals === -1 ? [configurationOf(context.file.path)] : line.slice(equals + 1).split(',');
  const configurations = words.map((word) => word.trim()).filter((word) => word !== '');
  return [{ groupId, artifactId, version, configurations, line: context.line }];
}

/** Files of the older layout are named after their configuration. */
function configurationOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return path.includes('dependency-locks/') ? name.slice(0, -'.lockfile'.length) : '';
}

interface PackageContext {
  readonly tree: PomTree;
  /** Ids of the locked packages by `group:artifact`. */
  readonly ids: ReadonlyMap<string, string>;
}

function packageOfLine(item: LockedArtifact, file: SourceFile, context: PackageContext): Package {
  const { groupId, artifactId, version, configurations, line } = item;
  const model = context.tree.published(groupId, artifactId, version);
  const project = model === undefined ? undefined : mavenProjectOf(model, context.tree);
  const needed = project
    ?.dependencies()
    .filter(({ scope, isOptional }) => !isOptional && /^(?:compile|runtime)$/.test(scope));
  const dependsOn = (needed ?? []).map((dependency) =>
    context.ids.get(`${dependency.groupId}:${dependency.artifactId}`),
  );
  return mavenPackage(
    { groupId, artifactId, version },
    {
      scope: file.path.endsWith('buildscript-gradle.lockfile') ? 'build' : scopeOf(configurations),
      locations: [{ path: file.path, line }],
      licenses: project === undefined ? [] : mavenLicenses(project),
      dependsOn: [...new Set(dependsOn.filter((id) => id !== undefined))],
      facts: { groups: configurations },
    },
  );
}

function idOf(item: LockedArtifact): string {
  return `${item.groupId}:${item.artifactId}@${item.version}`;
}

function scopeOf(configurations: readonly string[]): Scope {
  const scopes = configurations.map(scopeOfConfiguration);
  return scopes.length === 0 ? 'runtime' : scopes.reduce(strongerScope);
}

/** Configurations of the plug-ins that come with Gradle, Kotlin, Android and Spring Boot; others count as run time. */
function scopeOfConfiguration(name: string): Scope {
  // testRuntimeClasspath, debugUnitTestCompileClasspath, integrationTestImplementation
  if (/(?:^test|Test)(?:[A-Z]|$)/.test(name)) return 'test';
  if (/^(?:classpath|annotationProcessor|kapt.{0,60}|ksp.{0,60}|.{1,60}AnnotationProcessor(?:Classpath)?)$/.test(name))
    return 'build';
  if (
    /^(?:developmentOnly|checkstyle|pmd|spotbugs.{0,20}|jacoco.{0,20}|detekt.{0,20}|ktlint.{0,40}|codenarc)$/.test(name)
  ) {
    return 'development';
  }
  return 'runtime';
}
