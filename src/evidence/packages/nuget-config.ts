// SPDX-License-Identifier: Apache-2.0
// packages.config, the older way to name NuGet packages: https://learn.microsoft.com/en-us/nuget/reference/packages-config
import { childrenOf, decodeXml, parseXml } from '../../formats/xml.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { nugetLicenses, nugetPackage, nuspecCompanions } from '../package-facts/nuget.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nugetConfig = defineCataloger({
  id: 'nuget-config',
  title: 'packages.config',
  ecosystems: ['nuget'],
  kind: 'declared',
  files: ['**/packages.config', '**/packages.*.config'],
  companions: nuspecCompanions,
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'which package is direct: the file lists all of them flat',
      'licences, unless the package folder of NuGet is in the target',
    ],
  },
  parse: parsePackagesConfig,
});

function parsePackagesConfig(file: SourceFile, files: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeXml(file.bytes, file.path);
  const { root, problems: syntax } = parseXml(text, file.path);
  const problems: Problem[] = [...encoding, ...syntax];
  const packages: Package[] = [];
  for (const element of childrenOf(root, 'package')) {
    const { id = '', version = '', allowedVersions, developmentDependency, targetFramework } = element.attributes;
    const location = { path: file.path, line: element.line, endLine: element.endLine };
    if (id.trim() === '') {
      problems.push({ kind: 'schema', message: 'a package without id', location, hidesFindings: true });
      continue;
    }
    packages.push(
      nugetPackage(id.trim(), version.trim(), {
        scope: developmentDependency?.toLowerCase() === 'true' ? 'development' : 'runtime',
        locations: [location],
        licenses: nugetLicenses(id.trim(), version.trim(), files),
        ...(allowedVersions === undefined ? {} : { constraint: allowedVersions }),
        ...(targetFramework === undefined ? {} : { facts: { groups: [targetFramework] } }),
      }),
    );
  }
  return { packages: mergePackages(packages), problems };
}
