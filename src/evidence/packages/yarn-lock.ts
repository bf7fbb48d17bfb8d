// SPDX-License-Identifier: Apache-2.0
// yarn.lock of yarn classic and of berry. Which entries the project asks for itself stands in the package.json files beside it.
import type { YarnEntry, YarnLockFile, YarnNeed } from '../../formats/yarn-lock.ts';
import { parseYarnLock } from '../../formats/yarn-lock.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { condenseForNode, folderOf, installedLicenses, nodeCompanions } from '../package-facts/node-companions.ts';
import type { NodeProject } from '../package-facts/node-projects.ts';
import { nodeProjects } from '../package-facts/node-projects.ts';
import { fetchFacts, integrityDigests, isLocalFolder, npmPurl } from '../package-facts/npm.ts';
import { strongerScope, withReachThrough } from '../package-facts/reach.ts';
import type { ResolvedEntry, YarnContext } from '../package-facts/yarn-entries.ts';
import { YarnEntries } from '../package-facts/yarn-entries.ts';
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
  const reader = new YarnReader(lock, { folder, projects: nodeProjects(folder, tree) }, tree);
  return { packages: reader.packages(), problems: [...lock.problems, ...reader.missing()] };
}

/** Missing packages of one file that are told one by one. */
const maximumProblems = 20;

class YarnReader {
  readonly #context: YarnContext;
  readonly #tree: CompanionFiles;
  readonly #entries: YarnEntries;
  readonly #projectIn: ReadonlyMap<string | undefined, NodeProject>;

  constructor(lock: YarnLockFile, context: YarnContext, tree: CompanionFiles) {
    this.#context = context;
    this.#tree = tree;
    this.#entries = new YarnEntries(lock, context);
    this.#projectIn = new Map(context.projects.map((project) => [project.folder, project]));
  }

  packages(): Package[] {
    const own = this.#ownPackages();
    const locked = this.#entries.all.filter((item) => !own.has(item)).map((item) => this.#package(item));
    const packages = mergePackages([...own.values()].concat(locked));
    const folders = new Set(this.#entries.all.filter((item) => isFolder(item)).map((item) => item.id));
    return this.#knowsDirect() ? withReachThrough(packages, this.#direct(), folders) : packages;
  }

  /** Packages that others need and that have no entry: the file was cut off, or written in part. */
  missing(): Problem[] {
    const own = new Set(this.#context.projects.map((project) => project.name));
    const problems = new Map<string, Problem>();
    for (const { name, entry } of this.#entries.all) {
      for (const need of entry.needs) {
        if (need.isOptional || own.has(need.name) || this.#entries.knows(need.name)) continue;
        if (problems.has(need.name) || problems.size >= maximumProblems) continue;
        const message = `${name} needs ${need.name}, which the file does not describe`;
        problems.set(need.name, { kind: 'unresolved', message, location: entry.location, hidesFindings: true });
      }
    }
    return [...problems.values()];
  }

  #knowsDirect(): boolean {
    return this.#context.projects.length > 0 || this.#entries.all.some((item) => item.workspace !== undefined);
  }

  #needs(needs: readonly { readonly name: string; readonly range: string }[]): string[] {
    return [...new Set(needs.map((need) => this.#entries.find(need)?.id).filter((id) => id !== undefined))];
  }

  /** Projects of the tree: keys are entries of the lock file (berry), or the project itself where it has none (classic). */
  #ownPackages(): Map<object, Package> {
    const own = new Map<object, Package>();
    const entryOf = (project: NodeProject): ResolvedEntry | undefined => this.#entries.workspaceIn(project.folder);
    for (const item of this.#entries.all) if (item.workspace !== undefined) own.set(item, this.#workspacePackage(item));
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

  #workspacePackage(item: ResolvedEntry): Package {
    const project = this.#projectIn.get(item.workspace);
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
      const id = this.#entries.find(need)?.id;
      if (id !== undefined) direct.set(id, strongerScope(scope, direct.get(id) ?? scope));
    };
    for (const project of this.#context.projects) for (const need of project.needs) want(need, need.scope);
    for (const item of this.#entries.all) {
      if (item.workspace === undefined || this.#projectIn.has(item.workspace)) continue;
      for (const need of item.entry.needs) want(need, scopeOfNeed(need));
    }
    return direct;
  }

  #package(item: ResolvedEntry): Package {
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
      licenses: isOwn ? [] : installedLicenses(name, version, this.#tree),
      digests: digestsOf(entry),
      dependsOn: this.#needs(entry.needs).filter((id) => id !== item.id),
      ...(facts === undefined ? {} : { facts }),
    });
  }
}

/** A `file:` or `link:` folder that is no workspace. */
function isFolder(item: ResolvedEntry): boolean {
  return item.workspace === undefined && isLocalFolder(item.reference);
}

function scopeOfNeed(need: YarnNeed): Scope {
  return need.isOptional ? 'optional' : 'runtime';
}

function ownPackage(project: NodeProject, dependsOn: readonly string[]): Package {
  const { name, version, manifestPath, licenses, isRoot } = project;
  const relationship = isRoot ? 'root' : 'workspace';
  const id = `${version === '' ? name : `${name}@${version}`} (${isRoot ? 'root' : project.folder})`;
  return packageOf({
    id,
    name,
    version,
    type: 'npm',
    relationship,
    locations: [{ path: manifestPath }],
    licenses,
    dependsOn,
  });
}

/** `integrity`, and the SHA-1 that yarn classic appends to the address of an archive. */
function digestsOf(entry: YarnEntry): Digest[] {
  const digests = integrityDigests(entry.integrity);
  const sha1 = /\.t(?:ar\.)?gz#([0-9a-f]{40})$/.exec(entry.resolved)?.[1];
  const digest = sha1 === undefined ? undefined : digestOf('sha1', sha1);
  return digest === undefined ? digests : [...digests, digest];
}
