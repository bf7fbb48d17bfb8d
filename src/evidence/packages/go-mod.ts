// SPDX-License-Identifier: Apache-2.0
// go.mod with go.sum beside it: the modules of a build. Before Go 1.17 go.mod lists direct dependencies only; go.sum then adds the rest.
import type { GoModFile, GoReplacement, GoRequirement } from '../../formats/go-mod.ts';
import { isGoFolder, parseGoMod } from '../../formats/go-mod.ts';
import type { GoSumEntry } from '../../formats/go-sum.ts';
import { parseGoSum } from '../../formats/go-sum.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { goModulePackage, standardLibrary } from '../package-facts/go.ts';
import { condenseForGo, goLicenseFiles, withGoLicenses } from '../package-facts/go-licenses.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const goMod = defineCataloger({
  id: 'go-mod',
  title: 'go.mod (and go.sum beside it)',
  ecosystems: ['golang'],
  kind: 'declared',
  files: ['**/go.mod'],
  companions: ['**/go.sum', ...goLicenseFiles],
  condense: condenseForGo,
  capabilities: {
    versions: 'exact',
    dependencies: 'direct',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'which module needs which: that stands in the go.mod files of the modules',
      'go.sum has hashes of file lists (h1), which are kept as a fact and are no digests of an archive',
      'modules that only tests need are not told apart',
      'licences, unless a folder vendor or the module cache is in the target',
    ],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const mod = parseGoMod(file.bytes, file.path);
  const sumFile = tree.get(`${file.path.slice(0, -'go.mod'.length)}go.sum`);
  const sum = sumFile === undefined ? undefined : parseGoSum(sumFile.bytes, sumFile.path);
  const problems: Problem[] = [...mod.problems, ...(sum?.problems ?? [])];
  const hashes = new Map(sum?.entries.map((entry) => [`${entry.path}@${entry.version}`, entry.hash]));
  const required = requiredModules(mod, hashes);
  const added = listsDirectOnly(mod) ? fromSum(sum?.entries ?? [], required) : [];
  const library = standardLibrary(mod);
  const packages = mergePackages([...required, ...added, ...(library === undefined ? [] : [library])]);
  const folder = file.path.slice(0, -'go.mod'.length);
  return { packages: [...rootPackage(mod, packages), ...withGoLicenses(packages, folder, tree)], problems };
}

function requiredModules(mod: GoModFile, hashes: ReadonlyMap<string, string>): Package[] {
  const excluded = new Set(mod.exclusions.map((item) => `${item.path}@${item.version}`));
  const replacements = new Map(mod.replacements.map((item) => [`${item.from.path}@${item.from.version}`, item]));
  return mod.requirements
    .filter((item) => !excluded.has(`${item.path}@${item.version}`))
    .map((item) => {
      // A replacement for exactly this version goes before one for all versions.
      const replacement = replacements.get(`${item.path}@${item.version}`) ?? replacements.get(`${item.path}@`);
      if (replacement !== undefined && isGoFolder(replacement.to.path)) return folderPackage(item, replacement);
      const { path, version } = replacement?.to ?? item;
      const locations = replacement === undefined ? [item.location] : [replacement.location, item.location];
      const relationship = item.isIndirect ? 'indirect' : 'direct';
      const replaces = replacement === undefined ? undefined : `${item.path}@${item.version}`;
      return goModulePackage({
        path,
        version,
        relationship,
        locations,
        replaces,
        hash: hashes.get(`${path}@${version}`),
      });
    });
}

/** A module that stands in the tree: its required version is not what is built. */
function folderPackage(item: GoRequirement, replacement: GoReplacement): Package {
  return packageOf({
    name: item.path,
    version: '',
    type: 'golang',
    relationship: 'workspace',
    locations: [replacement.location, item.location],
    facts: { other: { folder: replacement.to.path } },
  });
}

/** https://go.dev/ref/mod#graph-pruning: from `go 1.17` on all modules of the build are required explicitly. No go line means 1.16. */
function listsDirectOnly(mod: GoModFile): boolean {
  const [, major = '1', minor = '16'] = /^([0-9]{1,4})\.([0-9]{1,4})/.exec(mod.go?.version ?? '') ?? [];
  return mod.module !== undefined && Number(major) === 1 && Number(minor) < 17;
}

/** The last version of a module in go.sum is its highest: the file is sorted. */
function fromSum(entries: readonly GoSumEntry[], required: readonly Package[]): Package[] {
  const known = new Set(required.map((item) => item.name));
  const latest = new Map(entries.filter((entry) => !known.has(entry.path)).map((entry) => [entry.path, entry]));
  return [...latest.values()].map(({ path, version, hash, location }) =>
    goModulePackage({ path, version, relationship: 'indirect', locations: [location], hash }),
  );
}

function rootPackage(mod: GoModFile, packages: readonly Package[]): Package[] {
  if (mod.module === undefined) return [];
  const { path, location } = mod.module;
  const direct = packages.filter((item) => item.relationship !== 'indirect' && item.name !== 'stdlib');
  const dependsOn = direct.map((item) => item.id);
  return [
    packageOf({
      id: `${path} (root)`,
      name: path,
      version: '',
      type: 'golang',
      relationship: 'root',
      locations: [location],
      dependsOn,
    }),
  ];
}
