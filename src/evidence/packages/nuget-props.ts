// SPDX-License-Identifier: Apache-2.0
// Packages.props, Directory.Packages.props and Directory.Build.props: versions and packages for all projects below.
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { MsbuildFile, MsbuildItem } from '../package-facts/msbuild.ts';
import { parseMsbuild, replaceProperties } from '../package-facts/msbuild.ts';
import { nugetPackage, nugetVersion } from '../package-facts/nuget.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nugetProps = defineCataloger({
  id: 'nuget-props',
  title: 'Directory.Packages.props, Directory.Build.props, *Packages.props',
  ecosystems: ['nuget'],
  kind: 'declared',
  files: ['**/*Packages.props', '**/*packages.props', '**/Directory.Build.props'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['which projects use a package', 'transitive packages', 'conditions and properties of other files'],
  },
  parse: parseProps,
});

function parseProps(file: SourceFile): CatalogResult {
  const props = parseMsbuild(file);
  const packages = props.items.map((item) => packageOfItem(item, props)).filter((item) => item !== undefined);
  return { packages: mergePackages(packages), problems: props.problems };
}

/** What has no version here gets it from the projects, where it is listed. */
function packageOfItem(item: MsbuildItem, props: MsbuildFile): Package | undefined {
  const name = replaceProperties(item.name, [props]);
  const constraint = replaceProperties(item.version ?? '', [props]);
  const version = nugetVersion(constraint);
  if (name === '' || name.includes('$(') || version === '') return undefined;
  const isDevelopment = item.kind === 'GlobalPackageReference' || item.privateAssets?.toLowerCase() === 'all';
  return nugetPackage(name, version, {
    scope: isDevelopment ? 'development' : 'runtime',
    locations: [item.location],
    ...(constraint === version ? {} : { constraint }),
  });
}
