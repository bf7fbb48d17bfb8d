// SPDX-License-Identifier: Apache-2.0
// MODULE.bazel, WORKSPACE and BUILD.bazel: the Maven artifacts that rules_jvm_external is asked for.
// https://github.com/bazel-contrib/rules_jvm_external/blob/master/docs/api.md
import type { StarlarkCall, StarlarkFile, StarlarkValue } from '../../formats/starlark.ts';
import { parseStarlark, stringsOf } from '../../formats/starlark.ts';
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { ArtifactCoordinates } from '../package-facts/maven-coordinates.ts';
import { mavenPackage, parseCoordinates } from '../package-facts/maven-coordinates.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const bazelModule = defineCataloger({
  id: 'bazel-module',
  title: 'MODULE.bazel, WORKSPACE, BUILD.bazel',
  ecosystems: ['maven'],
  kind: 'declared',
  files: ['**/MODULE.bazel', '**/WORKSPACE', '**/WORKSPACE.bazel', '**/BUILD.bazel'],
  yieldsTo: ['bazel-maven-install'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: [
      'Bazel modules themselves (bazel_dep), and rules other than those of rules_jvm_external',
      'artifacts named by functions, loops or loaded files',
      'transitive artifacts: they stand in maven_install.json',
    ],
  },
  parse: parseBazelModule,
});

function parseBazelModule(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const starlark = parseStarlark(text, file.path);
  const extensions = mavenExtensions(starlark);
  const packages = starlark.calls.flatMap((call) => packagesOfCall(call, extensions));
  return { packages: mergePackages(packages), problems: [...encoding, ...starlark.problems] };
}

/** Names that stand for the module extension `maven`: `x = use_extension("@rules_jvm_external//:extensions.bzl", "maven")`. */
function mavenExtensions(file: StarlarkFile): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [name, value] of file.variables) {
    if (value.kind !== 'call' || value.call.name !== 'use_extension') continue;
    const [source, extension] = value.call.positional.map((argument) => stringsOf(argument)[0]?.text);
    if (source?.includes('rules_jvm_external') === true && extension === 'maven') found.add(name);
  }
  return found;
}

function packagesOfCall(call: StarlarkCall, extensions: ReadonlySet<string>): Package[] {
  const dot = call.name.lastIndexOf('.');
  const isExtension = dot > 0 && extensions.has(call.name.slice(0, dot));
  if (isExtension && call.name.endsWith('.artifact')) return packageOfArtifact(call);
  if (!(isExtension && call.name.endsWith('.install')) && call.name !== 'maven_install') return [];
  return artifactsOf(call.named.get('artifacts') ?? call.positional[0]);
}

/** A list of `group:artifact:version` and `maven.artifact(group = ..., artifact = ..., version = ...)`. */
function artifactsOf(value: StarlarkValue | undefined): Package[] {
  if (value?.kind === 'list') return value.items.flatMap(artifactsOf);
  if (value?.kind === 'call' && value.call.name.endsWith('.artifact')) return packageOfArtifact(value.call);
  if (value?.kind !== 'string') return [];
  const coordinates = parseCoordinates(value.text);
  return coordinates === undefined ? [] : [packageOf(coordinates, value.location, 'runtime')];
}

function packageOfArtifact(call: StarlarkCall): Package[] {
  const text = (name: string): string => stringsOf(call.named.get(name))[0]?.text ?? '';
  const coordinates = {
    groupId: text('group'),
    artifactId: text('artifact'),
    version: text('version'),
    type: text('packaging') || undefined,
    classifier: text('classifier') || undefined,
  };
  if (coordinates.groupId === '' || coordinates.artifactId === '') return [];
  return [packageOf(coordinates, call.location, call.named.has('testonly') ? 'test' : 'runtime')];
}

function packageOf(coordinates: ArtifactCoordinates, location: Location, scope: Package['scope']): Package {
  return mavenPackage(coordinates, { relationship: 'direct', scope, locations: [location] });
}
