// SPDX-License-Identifier: Apache-2.0
// From the install places of an npm lock file to packages: names, scopes from npm's flags, dependencies by Node's module resolution.
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import type { NpmLockFile, NpmPlace } from '../../formats/npm-lock.ts';
import { parseNpmLock } from '../../formats/npm-lock.ts';
import type { Package, PackageFacts, Relationship, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from './merge.ts';
import { folderOf, installedLicenses, manifestIn } from './node-companions.ts';
import { fetchFacts, integrityDigests, nameInPath, npmLicenses, npmPurl } from './npm.ts';

/** Structurally the read access that catalogers are given. */
interface Files {
  get(path: string): SourceFile | undefined;
  match(glob: string): readonly string[];
}

export interface NpmLockOptions {
  readonly tree: Files;
  /** Folder of the project that the lock file belongs to; empty for the root of the target. */
  readonly folder: string;
}

/** Reads a lock file into packages, each once with all its places. */
export function readNpmLock(
  file: SourceFile,
  options: NpmLockOptions,
): { packages: Package[]; problems: readonly Problem[] } {
  const lock = parseNpmLock(file.bytes, file.path);
  const reader = new PlaceReader(lock, options);
  return { packages: mergePackages(reader.packages()), problems: [...lock.problems, ...reader.problems] };
}

class PlaceReader {
  readonly problems: Problem[] = [];
  readonly #lock: NpmLockFile;
  readonly #options: NpmLockOptions;
  /** Folders that links lead to, with the name of the link. */
  readonly #linked = new Map<string, string>();
  /** Folders with a node_modules of their own. */
  readonly #owners = new Set<string>();
  /** Places that hold a package with a name: not links, and not a nameless project. */
  readonly #named: readonly NamedPlace[];
  readonly #ids = new Map<string, string>();
  readonly #direct: ReadonlySet<string> | undefined;

  constructor(lock: NpmLockFile, options: NpmLockOptions) {
    this.#lock = lock;
    this.#options = options;
    for (const place of lock.places.values()) {
      if (place.isLink) this.#noteLink(place);
      const at = place.path.lastIndexOf('node_modules/');
      if (at !== -1) this.#owners.add(place.path.slice(0, Math.max(0, at - 1)));
    }
    const named: NamedPlace[] = [];
    for (const place of lock.places.values()) {
      const name = place.isLink ? '' : this.#name(place);
      if (name === '') continue;
      named.push({ place, name, isOwn: isOwnFolder(place.path), facts: fetchFacts(place.resolved) });
    }
    this.#named = named;
    this.#assignIds();
    this.#direct = this.#directPlaces();
  }

  packages(): Package[] {
    return this.#named.map((named) => this.#package(named));
  }

  #noteLink(place: NpmPlace): void {
    const target = place.resolved ?? '';
    if (target !== '' && this.#lock.places.has(target)) this.#linked.set(target, nameInPath(place.path));
    else {
      const message = `${nameInPath(place.path)} is a link to ${target || 'nowhere'}, which the file does not describe`;
      this.problems.push({ kind: 'unresolved', message, location: place.location, hidesFindings: false });
    }
  }

  #name(place: NpmPlace): string {
    return place.name || this.#linked.get(place.path) || nameInPath(place.path);
  }

  /**
   * `name@version`, with the commit where one version comes from several commits, and with the folder where a project of the tree
   * has the name and version of a published package.
   */
  #assignIds(): void {
    const commits = new Map<string, string>();
    for (const isOwn of [false, true]) {
      for (const { place, name, facts } of this.#named.filter((item) => item.isOwn === isOwn)) {
        const plain = place.version === '' ? name : `${name}@${place.version}`;
        const commit = facts?.commit ?? '';
        const before = commits.get(plain);
        if (before === undefined) commits.set(plain, commit);
        const isPlain = before === undefined || (!isOwn && before === commit);
        this.#ids.set(place.path, isPlain ? plain : isOwn ? ownId(plain, place) : foreignId(plain, commit));
      }
    }
  }

  /** Places of what the project asks for itself; undefined when neither the lock file nor a manifest beside it tells. */
  #directPlaces(): ReadonlySet<string> | undefined {
    const root = this.#lock.statesRoot
      ? this.#lock.places.get('')?.entry
      : manifestIn(this.#options.folder, this.#options.tree);
    if (root === undefined) return undefined;
    const names = namesIn(root, ownFields);
    return new Set(names.map((name) => this.#resolve('', name)).filter((path) => path !== undefined));
  }

  /** Node's resolution: the nearest node_modules on the way up that has the name. Links are followed. */
  #resolve(from: string, name: string): string | undefined {
    for (let folder = from; ; folder = parentOf(folder)) {
      const place = this.#owners.has(folder)
        ? this.#lock.places.get(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`)
        : undefined;
      if (place !== undefined) {
        if (!place.isLink) return place.path;
        return this.#linked.has(place.resolved ?? '') ? place.resolved : undefined;
      }
      if (folder === '') return undefined;
    }
  }

  #package(named: NamedPlace): Package {
    const { place, name, isOwn } = named;
    const { version, entry } = place;
    const purl = isOwn ? undefined : npmPurl(name, version);
    const stated = npmLicenses(entry);
    const licenses = stated.length > 0 || isOwn ? stated : installedLicenses(name, version, this.#options.tree);
    const facts = withGroups(isOwn ? undefined : named.facts, groupsOf(entry));
    const id = this.#ids.get(place.path) ?? name;
    return packageOf({
      id,
      name,
      version,
      type: 'npm',
      purl,
      scope: scopeOf(entry),
      relationship: this.#relationship(place, isOwn),
      locations: [place.location],
      licenses,
      digests: integrityDigests(entry['integrity']),
      dependsOn: this.#needs(place, isOwn, id),
      facts,
    });
  }

  #relationship(place: NpmPlace, isOwn: boolean): Relationship {
    if (isOwn) return place.path === '' ? 'root' : 'workspace';
    if (this.#direct === undefined) return 'unknown';
    return this.#direct.has(place.path) ? 'direct' : 'indirect';
  }

  /** Development dependencies are only listed for projects of the tree. */
  #needs(place: NpmPlace, isOwn: boolean, own: string): string[] {
    const ids: string[] = [];
    for (const name of namesIn(place.entry, isOwn ? ownFields : neededFields)) {
      const id = this.#ids.get(this.#resolve(place.path, name) ?? noPlace);
      if (id !== undefined && id !== own) ids.push(id);
    }
    return ids.length < 2 ? ids : [...new Set(ids)];
  }
}

function ownId(plain: string, place: NpmPlace): string {
  return place.path === '' ? `${plain} (root)` : `${plain} (${place.path})`;
}

function foreignId(plain: string, commit: string): string {
  return commit === '' ? `${plain} (registry)` : `${plain}#${commit}`;
}

/** No path: the empty one is that of the project. */
const noPlace = '\0';

interface NamedPlace {
  readonly place: NpmPlace;
  readonly name: string;
  /** The project itself or a folder of the tree (a workspace, a `file:` dependency), in contrast to what npm puts into node_modules. */
  readonly isOwn: boolean;
  readonly facts: PackageFacts | undefined;
}

function isOwnFolder(path: string): boolean {
  return !path.startsWith('node_modules/') && !path.includes('/node_modules/');
}

const neededFields: readonly string[] = ['dependencies', 'optionalDependencies', 'peerDependencies'];
const ownFields: readonly string[] = [...neededFields, 'devDependencies'];

function namesIn(entry: JsonObject, fields: readonly string[]): string[] {
  const names: string[] = [];
  for (const field of fields) {
    const object = asObject(entry[field]);
    if (object !== undefined) names.push(...Object.keys(object));
  }
  return names;
}

/** The folder above, jumping over `node_modules` itself. */
function parentOf(folder: string): string {
  const parent = folderOf(folder);
  return parent === 'node_modules' || parent.endsWith('/node_modules') ? folderOf(parent) : parent;
}

/**
 * `dev`: only needed for development, also when optional there. `devOptional`: for development, or as an optional dependency.
 * npm documentation, "package-lock.json", packages.
 */
function scopeOf(entry: JsonObject): Scope {
  if (entry['dev'] === true) return 'development';
  if (entry['optional'] === true || entry['devOptional'] === true) return 'optional';
  return entry['peer'] === true ? 'peer' : 'runtime';
}

function groupsOf(entry: JsonObject): string[] {
  const isFor = (flag: string): boolean => entry[flag] === true;
  const groups: string[] = [];
  if (isFor('dev') || isFor('devOptional')) groups.push('dev');
  if (isFor('optional') || isFor('devOptional')) groups.push('optional');
  if (isFor('inBundle') || isFor('bundled')) groups.push('bundled');
  return groups;
}

function withGroups(facts: PackageFacts | undefined, groups: readonly string[]): PackageFacts | undefined {
  return groups.length === 0 ? facts : { ...facts, groups };
}
