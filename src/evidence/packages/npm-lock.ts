// SPDX-License-Identifier: Apache-2.0
// package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3.
// Format: npm documentation, "package-lock.json" (configuring-npm).
import type { SourceFile } from '../../sources/source.ts';
import { condenseForNode, folderOf, nodeCompanions, pathIn } from '../package-facts/node-companions.ts';
import { readNpmLock } from '../package-facts/npm-lock.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const npmLock = defineCataloger({
  id: 'npm-lock',
  title: 'package-lock.json, npm-shrinkwrap.json',
  ecosystems: ['npm'],
  kind: 'declared',
  files: ['**/package-lock.json', '**/npm-shrinkwrap.json'],
  except: ['**/node_modules/**'],
  companions: nodeCompanions,
  condense: condenseForNode,
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: true,
    digests: true,
    lines: true,
    gaps: [
      'lockfileVersion 1: direct dependencies only with the package.json beside it, licences only from node_modules',
    ],
  },
  parse: parseNpmLock,
});

function parseNpmLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  // npm-shrinkwrap.json takes precedence over a package-lock.json beside it (npm documentation, "npm-shrinkwrap.json").
  const folder = folderOf(file.path);
  const isShadowed =
    file.path.endsWith('package-lock.json') && tree.get(pathIn(folder, 'npm-shrinkwrap.json')) !== undefined;
  return isShadowed ? { packages: [], problems: [] } : readNpmLock(file, { tree, folder });
}
