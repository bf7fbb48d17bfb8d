// SPDX-License-Identifier: Apache-2.0
// go.sum without a go.mod beside it (one that was copied into an image alone): every module with content, in its highest version.
import { parseGoSum } from '../../formats/go-sum.ts';
import type { SourceFile } from '../../sources/source.ts';
import { goModulePackage } from '../package-facts/go.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const goSum = defineCataloger({
  id: 'go-sum',
  title: 'go.sum without go.mod',
  ecosystems: ['golang'],
  kind: 'declared',
  files: ['**/go.sum'],
  companions: ['**/go.mod'],
  condense: () => new Uint8Array(0),
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['whether a module is still in use: go.sum may keep what was once needed'],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  if (tree.get(`${file.path.slice(0, -'go.sum'.length)}go.mod`) !== undefined) return { packages: [], problems: [] };
  const { entries, problems } = parseGoSum(file.bytes, file.path);
  const latest = new Map(entries.map((entry) => [entry.path, entry]));
  const packages = [...latest.values()].map(({ path, version, hash, location }) =>
    goModulePackage({ path, version, relationship: 'unknown', locations: [location], hash }),
  );
  return { packages, problems };
}
