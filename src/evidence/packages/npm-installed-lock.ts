// SPDX-License-Identifier: Apache-2.0
// node_modules/.package-lock.json, in which npm 7 and later note what they have installed: the dependencies that the manifests of
// installed packages alone do not resolve.
import type { SourceFile } from '../../sources/source.ts';
import { condenseForNode, folderOf, nodeCompanions } from '../package-facts/node-companions.ts';
import { readNpmLock } from '../package-facts/npm-lock.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const npmInstalledLock = defineCataloger({
  id: 'npm-installed-lock',
  title: 'node_modules/.package-lock.json',
  ecosystems: ['npm'],
  kind: 'installed',
  files: ['**/node_modules/.package-lock.json'],
  companions: nodeCompanions,
  condense: condenseForNode,
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['direct dependencies only with the package.json of the project', 'what was changed in node_modules by hand'],
  },
  parse: (file: SourceFile, tree: CompanionFiles): CatalogResult =>
    readNpmLock(file, { tree, folder: folderOf(folderOf(file.path)) }),
});
