// SPDX-License-Identifier: Apache-2.0
// maven_install.json of rules_jvm_external: the Maven artifacts a Bazel build pins. Versions 1 (dependency_tree) and 2 (artifacts).
// https://github.com/bazel-contrib/rules_jvm_external#pinning-artifacts-and-integration-with-bazels-downloader
import type { Document } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mavenPackage, parseCoordinates } from '../package-facts/maven-coordinates.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const bazelMavenInstall = defineCataloger({
  id: 'bazel-maven-install',
  title: 'maven_install.json',
  ecosystems: ['maven'],
  kind: 'declared',
  files: ['**/maven_install.json', '**/*_maven_install.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which artifacts are direct or for tests only'],
  },
  parse: parseMavenInstall,
});

function parseMavenInstall(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const root = asObject(document.value);
  const tree = asObject(root?.['dependency_tree']);
  const packages = tree === undefined ? pinnedArtifacts(document) : treeArtifacts(document);
  const problems = [...encoding, ...document.problems];
  if (root !== undefined && tree === undefined && root['artifacts'] === undefined) {
    const message = 'neither `artifacts` nor `dependency_tree`: not a form of maven_install.json that is known';
    problems.push({ kind: 'unsupported', message, location: { path: file.path }, hidesFindings: true });
  }
  return { packages: mergePackages(packages), problems };
}

/** Version 2: keys are `group:artifact[:type[:classifier]]`; versions and checksums stand apart from the edges. */
function pinnedArtifacts(document: Document): Package[] {
  const root = asObject(document.value);
  const edges = asObject(root?.['dependencies']) ?? {};
  const entries = entriesOf(root?.['artifacts']);
  const versions = new Map(entries.map(([key, value]) => [nameOf(key), asString(asObject(value)?.['version']) ?? '']));
  const idOf = (key: string): string | undefined => {
    const version = versions.get(nameOf(key));
    return version === undefined ? undefined : `${nameOf(key)}@${version}`;
  };
  return entries.flatMap(([key, value]) => {
    const coordinates = parseCoordinates(nameOf(key));
    if (coordinates === undefined) return [];
    const sums = entriesOf(asObject(value)?.['shasums']).map(([, sum]) => digestOf('sha256', asString(sum) ?? ''));
    return [
      mavenPackage(
        { ...coordinates, version: versions.get(nameOf(key)) ?? '' },
        {
          locations: [document.locate(['artifacts', key])],
          digests: sums.filter((digest): digest is Digest => digest !== undefined),
          dependsOn: [...new Set(asStrings(edges[key]).map(idOf))].filter((id) => id !== undefined),
        },
      ),
    ];
  });
}

/** Version 1: a list with `coord` and the direct dependencies of each. */
function treeArtifacts(document: Document): Package[] {
  const list = asArray(asObject(asObject(document.value)?.['dependency_tree'])?.['dependencies']);
  return list.flatMap((entry, index) => {
    const row = asObject(entry) ?? {};
    const coordinates = parseCoordinates(asString(row['coord']) ?? '');
    // Source archives of an artifact are entries of their own.
    if (coordinates === undefined || coordinates.classifier === 'sources') return [];
    const digest = digestOf('sha256', asString(row['sha256']) ?? '');
    const url = asString(row['url']);
    const needed = asStrings(row['directDependencies'])
      .map(parseCoordinates)
      .filter((item) => item !== undefined);
    return [
      mavenPackage(coordinates, {
        locations: [document.locate(['dependency_tree', 'dependencies', index])],
        digests: digest === undefined ? [] : [digest],
        dependsOn: [...new Set(needed.map((item) => `${item.groupId}:${item.artifactId}@${item.version}`))],
        ...(url === undefined ? {} : { facts: { downloadUrl: url } }),
      }),
    ];
  });
}

/** `group:artifact` of a key. */
function nameOf(key: string): string {
  return key.split(':').slice(0, 2).join(':');
}
