// SPDX-License-Identifier: Apache-2.0
// obj/project.assets.json: what NuGet restored for a project, for every target framework.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { nugetDigests, nugetLicenses, nugetPackage, nuspecCompanions } from '../package-facts/nuget.ts';
import { strongerScope, withReach } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nugetAssets = defineCataloger({
  id: 'nuget-assets',
  title: 'project.assets.json',
  ecosystems: ['nuget'],
  kind: 'declared',
  files: ['**/project.assets.json'],
  companions: nuspecCompanions,
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['licences, unless the package folder of NuGet is in the target'],
  },
  parse: parseAssets,
});

function parseAssets(file: SourceFile, files: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const root = asObject(document.value);
  const edges = readEdges(root);
  const packages = entriesOf(root?.['libraries']).flatMap(([key, value]): Package[] => {
    const slash = key.lastIndexOf('/');
    const name = key.slice(0, slash);
    const version = key.slice(slash + 1);
    const row = asObject(value) ?? {};
    if (slash <= 0) return [];
    const isProject = row['type'] === 'project';
    return [
      nugetPackage(name, version, {
        relationship: isProject ? 'workspace' : 'unknown',
        locations: [document.locate(['libraries', key])],
        licenses: isProject ? [] : nugetLicenses(name, version, files),
        digests: nugetDigests(asString(row['sha512'])),
        dependsOn: [...(edges.get(key) ?? [])],
      }),
    ];
  });
  const found = mergePackages(packages);
  return { packages: withReach(found, directScopes(root, found)), problems };
}

/** Ids that each library needs, over all targets; a target names every library once, so that names lead to versions. */
function readEdges(root: JsonObject | undefined): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const [, target] of entriesOf(root?.['targets'])) {
    const entries = entriesOf(target);
    const ids = new Map(
      entries.map(([key]) => [nameOf(key).toLowerCase(), `${nameOf(key)}@${key.slice(key.lastIndexOf('/') + 1)}`]),
    );
    for (const [key, value] of entries) {
      const known = edges.get(key) ?? new Set<string>();
      for (const [name] of entriesOf(asObject(value)?.['dependencies'])) {
        const id = ids.get(name.toLowerCase());
        if (id !== undefined) known.add(id);
      }
      edges.set(key, known);
    }
  }
  return edges;
}

/** `project.frameworks` tells what the project asks for and why; `projectFileDependencyGroups` only what. */
function directScopes(root: JsonObject | undefined, packages: readonly Package[]): Map<string, Scope> {
  const wanted = new Map<string, Scope>();
  const want = (name: string, scope: Scope): void => {
    const key = name.toLowerCase();
    wanted.set(key, strongerScope(scope, wanted.get(key) ?? scope));
  };
  const frameworks = entriesOf(asObject(root?.['project'])?.['frameworks']);
  for (const [, framework] of frameworks) {
    for (const [name, value] of entriesOf(asObject(framework)?.['dependencies'])) {
      want(name, asObject(value)?.['suppressParent'] === 'All' ? 'development' : 'runtime');
    }
  }
  for (const [, group] of entriesOf(root?.['projectFileDependencyGroups'])) {
    for (const text of asStrings(asArray(group))) {
      const name = text.split(' ')[0] ?? '';
      if (!wanted.has(name.toLowerCase())) want(name, 'runtime');
    }
  }
  const direct = packages.filter((item) => wanted.has(item.name.toLowerCase()));
  return new Map(direct.map((item) => [item.id, wanted.get(item.name.toLowerCase()) ?? 'runtime']));
}

function nameOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}
