// SPDX-License-Identifier: Apache-2.0
// yarn.lock of yarn classic and of berry. Which entries the project asks for itself stands in the package.json files beside it.
import type { YarnEntry, YarnLockFile, YarnNeed } from '../../formats/yarn-lock.ts';
import { parseYarnLock, splitPattern } from '../../formats/yarn-lock.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import {
  condenseForNode,
  folderOf,
  installedLicenses,
  nodeCompanions,
  pathIn,
} from '../package-facts/node-companions.ts';
import type { NodeProject } from '../package-facts/node-projects.ts';
import { nodeProjects } from '../package-facts/node-projects.ts';
import { fetchFacts, integrityDigests, isLocalFolder, nameInArchiveUrl, npmPurl } from '../package-facts/npm.ts';
import { strongerScope, withReachThrough } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const yarnLock = defineCataloger({
  id: 'yarn-lock',
  title: 'yarn.lock (classic and berry)',
  ecosystems: ['npm'],
  kind: 'declared',
  files: ['**/yarn.lock'],
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
      'scopes and direct dependencies only with the package.json beside it',
      'licences only where node_modules, unplugged packages or the cache of berry are in the tree',
      'digests of berry: its checksums are those of its own zip files',
    ],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const lock = parseYarnLock(file.bytes, file.path);
  const folder = folderOf(file.path);
  const reader = new YarnReader(lock, { folder, tree, projects: nodeProjects(folder, tree) });
  return { packages: reader.packages(), problems: lock.problems };
}

interface YarnContext {
  readonly folder: string;
  readonly tree: CompanionFiles;
  readonly projects: readonly NodeProject[];
}

/** An entry with what its patterns and locator say. */
interface Resolved {
  readonly entry: YarnEntry;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Address or locator without the name: `npm:1.0.0`, `https://...`, `workspace:packages/a`. */
  readonly reference: string;
  /** Folder of a berry workspace relative to the target. */
  readonly workspace: string | undefined;
}

class YarnReader {
  readonly #context: YarnContext;
  readonly #resolved: readonly Resolved[];
  readonly #byPattern = new Map<string, Resolved>();
  readonly #byName = new Map<string, Resolved[]>();

  constructor(lock: YarnLockFile, context: YarnContext) {
    this.#context = context;
    this.#resolved = withIds(lock.entries.map((entry) => resolveEntry(entry, lock.form, context)));
    for (const item of this.#resolved) {
      for (const pattern of item.entry.patterns) {
        this.#byPattern.set(pattern, item);
        const { name } = splitPattern(pattern);
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [item]);
        else if (!known.includes(item)) known.push(item);
      }
    }
  }

  packages(): Package[] {
    const own = this.#ownPackages();
    const locked = this.#resolved.filter((item) => !own.has(item)).map((item) => this.#package(item));
    const packages = mergePackages([...own.values()].concat(locked));
    const folders = new Set(this.#resolved.filter((item) => isFolder(item)).map((item) => item.id));
    return this.#knowsDirect() ? withReachThrough(packages, this.#direct(), folders) : packages;
  }

  #knowsDirect(): boolean {
    return this.#context.projects.length > 0 || this.#resolved.some((item) => item.workspace !== undefined);
  }

  /** What a name and range lead to. Overrides (`resolutions`) change the range, so that a sole entry of the name is taken as well. */
  #find(need: { readonly name: string; readonly range: string }): Resolved | undefined {
    const { name, range } = need;
    const exact = this.#byPattern.get(`${name}@${range}`) ?? this.#byPattern.get(`${name}@npm:${range}`);
    if (exact !== undefined || (range === '' && this.#byPattern.has(name))) return exact ?? this.#byPattern.get(name);
    const named = this.#byName.get(name) ?? [];
    return named.length === 1
      ? named[0]
      : named.find((item) => item.workspace !== undefined && range.startsWith('workspace:'));
  }

  #needs(needs: readonly { readonly name: string; readonly range: string }[]): string[] {
    return [...new Set(needs.map((need) => this.#find(need)?.id).filter((id) => id !== undefined))];
  }

  /** Projects of the tree: keys are entries of the lock file (berry), or the project itself where it has none (classic). */
  #ownPackages(): Map<object, Package> {
    const own = new Map<object, Package>();
    const entryOf = (project: NodeProject): Resolved | undefined =>
      this.#resolved.find((item) => item.workspace === project.folder);
    for (const item of this.#resolved) if (item.workspace !== undefined) own.set(item, this.#workspacePackage(item));
    for (const project of this.#context.projects) {
      if (project.name === '' || entryOf(project) !== undefined) continue;
      own.set(project, ownPackage(project, this.#needs(project.needs)));
    }
    const root = this.#context.projects.find((project) => project.isRoot);
    const top = root === undefined ? undefined : own.get(entryOf(root) ?? root);
    if (root === undefined || top === undefined) return own;
    const members = [...own.values()].filter((item) => item !== top).map((item) => item.id);
    return own.set(entryOf(root) ?? root, { ...top, dependsOn: [...new Set([...top.dependsOn, ...members])] });
  }

  #workspacePackage(item: Resolved): Package {
    const project = this.#context.projects.find((candidate) => candidate.folder === item.workspace);
    const isRoot = item.workspace === this.#context.folder;
    return {
      ...this.#package(item),
      relationship: isRoot ? 'root' : 'workspace',
      ...(project === undefined || project.licenses.length === 0 ? {} : { licenses: project.licenses }),
    };
  }

  #direct(): Map<string, Scope> {
    const direct = new Map<string, Scope>();
    const want = (need: { readonly name: string; readonly range: string }, scope: Scope): void => {
      const id = this.#find(need)?.id;
      if (id !== undefined) direct.set(id, strongerScope(scope, direct.get(id) ?? scope));
    };
    for (const project of this.#context.projects) for (const need of project.needs) want(need, need.scope);
    for (const item of this.#resolved) {
      const isDescribed = this.#context.projects.some((project) => project.folder === item.workspace);
      if (item.workspace === undefined || isDescribed) continue;
      for (const need of item.entry.needs) want(need, scopeOfNeed(need));
    }
    return direct;
  }

  #package(item: Resolved): Package {
    const { entry, name, version } = item;
    const isOwn = item.workspace !== undefined || isLocalFolder(item.reference);
    const purl = isOwn ? undefined : npmPurl(name, version);
    const facts = isOwn || item.reference.startsWith('npm:') ? undefined : fetchFacts(item.reference);
    return packageOf({
      id: item.id,
      name,
      version,
      type: 'npm',
      ...(purl === undefined ? {} : { purl }),
      ...(isOwn ? { relationship: 'workspace' } : {}),
      locations: [entry.location],
      licenses: isOwn ? [] : installedLicenses(name, version, this.#context.tree),
      digests: digestsOf(entry),
      dependsOn: this.#needs(entry.needs).filter((id) => id !== item.id),
      ...(facts === undefined ? {} : { facts }),
    });
  }
}

/** A `file:` or `link:` folder that is no workspace. */
function isFolder(item: Resolved): boolean {
  return item.workspace === undefined && isLocalFolder(item.reference);
}

function scopeOfNeed(need: YarnNeed): Scope {
  return need.isOptional ? 'optional' : 'runtime';
}

function ownPackage(project: NodeProject, dependsOn: readonly string[]): Package {
  const { name, version, manifestPath, licenses, isRoot } = project;
  const relationship = isRoot ? 'root' : 'workspace';
  return packageOf({
    name,
    version,
    type: 'npm',
    relationship,
    locations: [{ path: manifestPath }],
    licenses,
    dependsOn,
  });
}

/** `npm:real-name@^1.0.0` or `npm:real-name`, in contrast to `npm:^1.0.0`. */
function aliasTarget(range: string): string | undefined {
  if (!range.startsWith('npm:')) return undefined;
  const { name } = splitPattern(range.slice('npm:'.length));
  return /^[0-9^~<>=*]/.test(name) ? undefined : name;
}

function resolveEntry(entry: YarnEntry, form: YarnLockFile['form'], context: YarnContext): Resolved {
  const first = splitPattern(entry.patterns[0] ?? '');
  const base = { entry, id: '', version: entry.version, workspace: undefined };
  if (form === 'classic') {
    const name = aliasTarget(first.range) ?? nameInArchiveUrl(entry.resolved) ?? first.name;
    return { ...base, name, reference: entry.resolved || first.range };
  }
  const locator = splitPattern(entry.resolved);
  if (!locator.range.startsWith('workspace:'))
    return { ...base, name: locator.name || first.name, reference: locator.range };
  const inner = locator.range.slice('workspace:'.length).replace(/^\.$/, '');
  const workspace = inner === '' ? context.folder : pathIn(context.folder, inner);
  const project = context.projects.find((candidate) => candidate.folder === workspace);
  // yarn writes `0.0.0-use.local` for workspaces; the manifest tells the version.
  const name = project?.name || first.name;
  return { ...base, name, reference: locator.range, workspace, version: project?.version || entry.version };
}

/** `name@version`, with the commit where one version comes from several places of version control. */
function withIds(items: readonly Resolved[]): Resolved[] {
  const commits = new Map<string, string>();
  return items.map((item) => {
    const plain = item.version === '' ? item.name : `${item.name}@${item.version}`;
    const commit = fetchFacts(item.reference)?.commit ?? '';
    const before = commits.get(plain);
    if (before === undefined) commits.set(plain, commit);
    return { ...item, id: before === undefined || before === commit ? plain : `${plain}#${commit || 'registry'}` };
  });
}

/** `integrity`, and the SHA-1 that yarn classic appends to the address of an archive. */
function digestsOf(entry: YarnEntry): Digest[] {
  const digests = integrityDigests(entry.integrity);
  const sha1 = /\.t(?:ar\.)?gz#([0-9a-f]{40})$/.exec(entry.resolved)?.[1];
  const digest = sha1 === undefined ? undefined : digestOf('sha1', sha1);
  return digest === undefined ? digests : [...digests, digest];
}
