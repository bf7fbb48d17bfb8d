// SPDX-License-Identifier: Apache-2.0
// go.work: the toolchain and the replacements of a Go workspace. The modules that it uses have their own go.mod.
import { isGoFolder, parseGoMod } from '../../formats/go-mod.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { goModulePackage, standardLibrary } from '../package-facts/go.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const goWork = defineCataloger({
  id: 'go-work',
  title: 'go.work',
  ecosystems: ['golang'],
  kind: 'declared',
  files: ['**/go.work'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: [
      'replacements of go.work are listed, but the go.mod files of the workspace keep the modules that they replace',
    ],
  },
  parse,
});

function parse(file: SourceFile): CatalogResult {
  const work = parseGoMod(file.bytes, file.path);
  const packages: Package[] = [];
  for (const { to, location } of work.replacements) {
    if (isGoFolder(to.path) || to.version === '') continue;
    packages.push(
      goModulePackage({ path: to.path, version: to.version, relationship: 'direct', locations: [location] }),
    );
  }
  const library = standardLibrary(work);
  if (library !== undefined) packages.push(library);
  return { packages: mergePackages(packages), problems: work.problems };
}
