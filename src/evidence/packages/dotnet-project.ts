// SPDX-License-Identifier: Apache-2.0
// Project files of .NET (csproj, fsproj, vbproj): the packages a project asks for, with the versions that central package management
// keeps in Directory.Packages.props. https://learn.microsoft.com/en-us/nuget/consume-packages/central-package-management
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { MsbuildFile, MsbuildItem } from '../package-facts/msbuild.ts';
import { inheritedFile, msbuildCompanions, parseMsbuild, replaceProperties } from '../package-facts/msbuild.ts';
import { nugetLicenses, nugetPackage, nugetVersion, nuspecCompanions } from '../package-facts/nuget.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const dotnetProject = defineCataloger({
  id: 'dotnet-project',
  title: '*.csproj, *.fsproj, *.vbproj',
  ecosystems: ['nuget'],
  kind: 'declared',
  files: ['**/*.csproj', '**/*.fsproj', '**/*.vbproj'],
  companions: [...msbuildCompanions, ...nuspecCompanions],
  yieldsTo: ['nuget-lock'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'transitive packages: they stand in packages.lock.json or obj/project.assets.json',
      'conditions, imports other than Directory.*.props, and properties that MSBuild computes',
      'floating versions (`1.*`)',
    ],
  },
  parse: parseProject,
});

function parseProject(file: SourceFile, files: CompanionFiles): CatalogResult {
  const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
  const project = parseMsbuild(file);
  const build = inheritedFile(folder, 'Directory.Build.props', files);
  const central = inheritedFile(folder, 'Directory.Packages.props', files);
  const sources = [project, build, central];
  const versions = centralVersions(central, sources);
  const problems: Problem[] = [...project.problems];
  const packages: Package[] = [];
  for (const item of mergedItems([central, build, project])) {
    const name = replaceProperties(item.name, sources);
    if (name === '') continue;
    const wanted = item.versionOverride ?? item.version ?? versions.get(name.toLowerCase()) ?? '';
    const constraint = replaceProperties(wanted, sources);
    const version = nugetVersion(constraint);
    if (version === '' || name.includes('$(')) problems.push(unresolved(name, constraint, item.location));
    if (name.includes('$(')) continue;
    packages.push(
      nugetPackage(name, version, {
        relationship: 'direct',
        scope: isDevelopment(item) ? 'development' : 'runtime',
        locations: [item.location],
        licenses: nugetLicenses(name, version, files),
        ...(constraint === version ? {} : { constraint }),
      }),
    );
  }
  return { packages: mergePackages(packages), problems };
}

/** `Update` in one file changes what another includes: the nearer file wins. Versions alone are no reference. */
function mergedItems(files: readonly (MsbuildFile | undefined)[]): MsbuildItem[] {
  const found = new Map<string, MsbuildItem>();
  for (const item of files.flatMap((file) => file?.items ?? [])) {
    if (item.kind === 'PackageVersion') continue;
    const key = item.name.toLowerCase();
    const before = found.get(key);
    found.set(
      key,
      before === undefined
        ? item
        : {
            ...item,
            version: item.version ?? before.version,
            privateAssets: item.privateAssets ?? before.privateAssets,
          },
    );
  }
  return [...found.values()];
}

function centralVersions(
  central: MsbuildFile | undefined,
  sources: readonly (MsbuildFile | undefined)[],
): Map<string, string> {
  const items = central?.items.filter((item) => item.kind === 'PackageVersion') ?? [];
  return new Map(items.map((item) => [replaceProperties(item.name, sources).toLowerCase(), item.version ?? '']));
}

/** Analyzers, source generators and build tasks are marked so; tools that are only downloaded are of the same kind. */
function isDevelopment(item: MsbuildItem): boolean {
  return item.kind !== 'PackageReference' || item.privateAssets?.toLowerCase() === 'all';
}

function unresolved(name: string, constraint: string, location: Location): Problem {
  const reason = constraint === '' ? 'no version' : `no version in ${JSON.stringify(constraint)}`;
  return { kind: 'unresolved', message: `package ${name} has ${reason}`, location, hidesFindings: true };
}
