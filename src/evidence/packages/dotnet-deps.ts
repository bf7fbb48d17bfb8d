// SPDX-License-Identifier: Apache-2.0
// *.deps.json beside a .NET program: what it was built with and what was deployed with it.
// https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md
import type { Document } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, PackageFile, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { DotnetAssets } from '../package-facts/dotnet-assets.ts';
import { assetsOf, programOf } from '../package-facts/dotnet-assets.ts';
import { dotnetRuntimeCpes } from '../package-facts/dotnet-runtime.ts';
import { nugetDigests, nugetLicenses, nugetPackage, nuspecCompanions } from '../package-facts/nuget.ts';
import { withReach } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const dotnetDeps = defineCataloger({
  id: 'dotnet-deps',
  title: '*.deps.json',
  ecosystems: ['nuget'],
  kind: 'installed',
  files: ['**/*.deps.json'],
  companions: nuspecCompanions,
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: true,
    lines: true,
    gaps: [
      'the version of packages that come with the shared framework (fact `deployed: no`): the installed framework decides',
      'licences, unless the package folder of NuGet is in the target',
    ],
  },
  parse: parseDotnetDeps,
});

interface Library {
  /** `Name/1.0.0` as the file writes it. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly isProject: boolean;
  readonly sum: string | undefined;
  readonly needs: readonly string[];
  readonly isDeployed: boolean;
}

function parseDotnetDeps(file: SourceFile, files: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  if (asObject(asObject(document.value)?.['libraries']) === undefined) {
    const message = 'no `libraries`: not a deps.json of a program';
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
    return { packages: [], problems };
  }
  const libraries = readLibraries(document);
  const ids = new Map(libraries.map((library) => [library.key, library.id]));
  const needed = new Set(libraries.filter((library) => library.isProject).flatMap((library) => library.needs));
  const program = programOf(file.path);
  const free = libraries.filter((library) => library.isProject && !needed.has(library.key));
  // A program that is published together with others has the name of the file.
  const root = free.find((library) => library.name === program) ?? free[0];
  const targets = asObject(document.value)?.['targets'];
  const packages = libraries.map((library): Package => {
    return nugetPackage(library.name, library.version, {
      id: library.id,
      relationship: !library.isProject ? 'unknown' : library === root ? 'root' : 'workspace',
      locations: [document.locate(['libraries', library.key])],
      licenses: library.isProject ? [] : nugetLicenses(library.name, library.version, files),
      digests: nugetDigests(library.sum),
      dependsOn: library.needs.map((key) => ids.get(key)).filter((id) => id !== undefined),
      ...cpesOf(library),
      ...(files.files === 'owned' ? { files: filesOf(assetsOf(targets, library.key), file.path) } : {}),
      ...(library.isDeployed ? {} : { facts: { other: { deployed: 'no' } } }),
    });
  });
  return { packages: withReach(packages, directOf(libraries)), problems };
}

/** Libraries and their translations, which lie beside the program. */
function filesOf({ runtime, resources }: DotnetAssets, path: string): readonly PackageFile[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return [...runtime.keys(), ...resources.keys()].map((name) => ({ path: `${folder}${name}` }));
}

function cpesOf(library: Library): Pick<Package, 'cpes'> {
  const cpes = dotnetRuntimeCpes(library.name, library.version);
  return cpes.length === 0 ? {} : { cpes };
}

function readLibraries(document: Document): Library[] {
  const root = asObject(document.value);
  const targets = asObject(root?.['targets']) ?? {};
  const runtime = asString(asObject(root?.['runtimeTarget'])?.['name']) ?? asString(root?.['runtimeTarget']) ?? '';
  const target =
    asObject(targets[runtime]) ?? (Object.keys(targets).length === 1 ? asObject(Object.values(targets)[0]) : undefined);
  return entriesOf(root?.['libraries']).flatMap(([key, value]) => {
    const slash = key.lastIndexOf('/');
    // Frameworks that are deployed with the program are named `runtimepack.<package>`.
    const name = key.slice(0, slash).replace(/^runtimepack\./, '');
    const version = key.slice(slash + 1);
    if (slash <= 0 || version === '') return [];
    const row = asObject(value) ?? {};
    const entry = target === undefined ? undefined : (asObject(target[key]) ?? {});
    const isProject = row['type'] === 'project';
    const needs = entriesOf(entry?.['dependencies']).map(([needed, wanted]) => `${needed}/${asString(wanted) ?? ''}`);
    return [
      {
        key,
        id: `${name}@${version}`,
        name,
        version,
        isProject,
        sum: asString(row['sha512']),
        needs,
        isDeployed:
          isProject ||
          entry === undefined ||
          ['runtime', 'runtimeTargets', 'native', 'resources'].some((part) => part in entry),
      },
    ];
  });
}

function directOf(libraries: readonly Library[]): Map<string, Scope> {
  const ids = new Map(libraries.map((library) => [library.key, library.id]));
  const direct = new Map<string, Scope>();
  for (const project of libraries.filter((library) => library.isProject)) {
    for (const key of project.needs) {
      const id = ids.get(key);
      if (id !== undefined) direct.set(id, 'runtime');
    }
  }
  return direct;
}
