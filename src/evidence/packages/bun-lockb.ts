// SPDX-License-Identifier: Apache-2.0
// bun.lockb, the binary lock file of bun before 1.2, whose form is known to bun alone: it is reported as not read, unless a text lock
// file stands beside it.
import type { SourceFile } from '../../sources/source.ts';
import { condenseForNode, folderOf, nodeCompanions, pathIn } from '../package-facts/node-companions.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const bunLockb = defineCataloger({
  id: 'bun-lockb',
  title: 'bun.lockb (reported, not read)',
  ecosystems: ['npm'],
  kind: 'declared',
  files: ['**/bun.lockb'],
  except: ['**/node_modules/**'],
  companions: nodeCompanions,
  condense: condenseForNode,
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['everything: `bun install --save-text-lockfile` writes the bun.lock that is read'],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const folder = folderOf(file.path);
  const others = ['bun.lock', 'yarn.lock', 'package-lock.json', 'pnpm-lock.yaml'];
  if (others.some((name) => tree.get(pathIn(folder, name)) !== undefined)) return { packages: [], problems: [] };
  const message =
    'the binary lock file of bun is not read; `bun install --save-text-lockfile` writes bun.lock, which is';
  return {
    packages: [],
    problems: [{ kind: 'unsupported', message, location: { path: file.path }, hidesFindings: true }],
  };
}
