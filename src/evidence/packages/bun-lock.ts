// SPDX-License-Identifier: Apache-2.0
// bun.lock, the text lock file of bun. The binary bun.lockb has its own cataloger, which only says that it is not read.
import type { BunEntry, BunLockFile, BunNeed, BunSection, BunWorkspace } from '../../formats/bun-lock.ts';
import { parseBunLock } from '../../formats/bun-lock.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { condenseForNode, installedLicenses, nodeCompanions } from '../package-facts/node-companions.ts';
import { fetchFacts, integrityDigests, isLocalFolder, npmPurl } from '../package-facts/npm.ts';
import { strongerScope, withReachThrough } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const bunLock = defineCataloger({
  id: 'bun-lock',
  title: 'bun.lock',
  ecosystems: ['npm'],
  kind: 'declared',
  files: ['**/bun.lock'],
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
      'licences only from node_modules',
      'versions of packages from version control: the file has their commit only',
    ],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const lock = parseBunLock(file.bytes, file.path);
  return { packages: new BunReader(lock, tree).packages(), problems: lock.problems };
}

const scopes: Readonly<Record<BunSection, Scope>> = {
  dependencies: 'runtime',
  optionalDependencies: 'optional',
  peerDependencies: 'peer',
  devDependencies: 'development',
};

class BunReader {
  readonly #lock: BunLockFile;
  readonly #tree: CompanionFiles;
  readonly #byPath = new Map<string, string>();
  readonly #ids = new Map<BunEntry, string>();
  /** Ids of the projects of the tree by their name. */
  readonly #projectIds: ReadonlyMap<string, string>;
  readonly #workspaces: readonly { readonly workspace: BunWorkspace; readonly item: Package }[];

  constructor(lock: BunLockFile, tree: CompanionFiles) {
    this.#lock = lock;
    this.#tree = tree;
    this.#workspaces = lock.workspaces
      .filter((workspace) => workspace.name !== '')
      .map((workspace) => ({ workspace, item: ownPackage(workspace) }));
    this.#projectIds = new Map(this.#workspaces.map(({ workspace, item }) => [workspace.name, item.id]));
    const commits = new Map<string, string>();
    for (const entry of lock.entries) {
      const plain = entry.version === '' ? entry.name : `${entry.name}@${entry.version}`;
      const commit = fetchFacts(entry.reference)?.commit ?? '';
      const before = commits.get(plain);
      if (before === undefined) commits.set(plain, commit);
      const id = before === undefined || before === commit ? plain : `${plain}#${commit || 'registry'}`;
      this.#ids.set(entry, id);
      this.#byPath.set(entry.path.join('\n'), this.#ownId(entry) ?? id);
    }
  }

  packages(): Package[] {
    const direct = new Map<string, Scope>();
    const own = this.#workspaces.map(({ workspace, item }) => {
      const needs = this.#needs(workspace.needs, [workspace.name]);
      const members = workspace.folder === '' ? this.#workspaces.map((other) => other.item.id) : [];
      const ids = [...needs.map((need) => need.id), ...members];
      return { ...item, dependsOn: [...new Set(ids)].filter((id) => id !== item.id) };
    });
    for (const workspace of this.#lock.workspaces) {
      for (const { id, section } of this.#needs(workspace.needs, [workspace.name])) {
        direct.set(id, strongerScope(scopes[section], direct.get(id) ?? scopes[section]));
      }
    }
    const locked = this.#lock.entries.filter((entry) => !isProject(entry)).map((entry) => this.#package(entry));
    const folders = this.#lock.entries.filter((entry) => !isProject(entry) && isLocalFolder(entry.reference));
    const ids = new Set(folders.map((entry) => this.#ids.get(entry) ?? entry.name));
    return withReachThrough(mergePackages([...own, ...locked]), direct, ids);
  }

  /** The project that an entry with a `workspace:` or `root:` reference stands for. */
  #ownId(entry: BunEntry): string | undefined {
    return isProject(entry) ? this.#projectIds.get(entry.name) : undefined;
  }

  /** The nearest copy on the way up, as in nested node_modules folders. */
  #find(name: string, from: readonly string[]): string | undefined {
    for (let depth = from.length; depth >= 0; depth -= 1) {
      const id = this.#byPath.get([...from.slice(0, depth), name].join('\n'));
      if (id !== undefined) return id;
    }
    return undefined;
  }

  #needs(needs: readonly BunNeed[], from: readonly string[]): { readonly id: string; readonly section: BunSection }[] {
    const found: { id: string; section: BunSection }[] = [];
    for (const { name, section } of needs) {
      const id = this.#find(name, from);
      if (id !== undefined) found.push({ id, section });
    }
    return found;
  }

  #package(entry: BunEntry): Package {
    const { name, version, reference } = entry;
    const isOwn = isLocalFolder(reference);
    const id = this.#ids.get(entry) ?? name;
    const purl = isOwn ? undefined : npmPurl(name, version);
    const facts = version === '' ? fetchFacts(reference) : undefined;
    const needs = this.#needs(entry.needs, entry.path).map((need) => need.id);
    return packageOf({
      id,
      name,
      version,
      type: 'npm',
      ...(purl === undefined ? {} : { purl }),
      ...(isOwn ? { relationship: 'workspace' } : {}),
      locations: [entry.location],
      licenses: isOwn ? [] : installedLicenses(name, version, this.#tree),
      digests: integrityDigests(entry.integrity),
      dependsOn: [...new Set(needs)].filter((need) => need !== id),
      ...(facts === undefined ? {} : { facts }),
    });
  }
}

function isProject(entry: BunEntry): boolean {
  return /^(?:workspace|root):/.test(entry.reference);
}

function ownPackage(workspace: BunWorkspace): Package {
  const { name, version, folder, location } = workspace;
  const id = `${version === '' ? name : `${name}@${version}`} (${folder === '' ? 'root' : folder})`;
  return packageOf({
    id,
    name,
    version,
    type: 'npm',
    relationship: folder === '' ? 'root' : 'workspace',
    locations: [location],
  });
}
