// SPDX-License-Identifier: Apache-2.0
// pnpm-lock.yaml: packages, what each importer (project of the workspace) asks for, and licences where node_modules is there.
import { posix } from 'node:path';
import type { PnpmEntry, PnpmLockFile, PnpmNeed, PnpmSection } from '../../formats/pnpm-lock.ts';
import { parsePnpmLock, referredVersion } from '../../formats/pnpm-lock.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import {
  condenseForNode,
  folderOf,
  installedLicenses,
  manifestIn,
  nodeCompanions,
} from '../package-facts/node-companions.ts';
import { projectOf } from '../package-facts/node-projects.ts';
import { fetchFacts, integrityDigests, npmPurl, pinnedCommit } from '../package-facts/npm.ts';
import { strongerScope, withReachThrough } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pnpmLock = defineCataloger({
  id: 'pnpm-lock',
  title: 'pnpm-lock.yaml',
  ecosystems: ['npm'],
  kind: 'declared',
  files: ['**/pnpm-lock.yaml'],
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
    gaps: ['licences only from node_modules', 'peer variants of one version are one package'],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const lock = parsePnpmLock(file.bytes, file.path);
  const reader = new PnpmReader(lock, folderOf(file.path), tree);
  const packages = reader.packages();
  return { packages, problems: [...lock.problems, ...reader.problems] };
}

const scopes: Readonly<Record<PnpmSection, Scope>> = {
  dependencies: 'runtime',
  optionalDependencies: 'optional',
  devDependencies: 'development',
  // Tools of the package manager itself: they run when the project is built.
  configDependencies: 'build',
  packageManagerDependencies: 'build',
};

class PnpmReader {
  readonly problems: Problem[] = [];
  readonly #lock: PnpmLockFile;
  readonly #folder: string;
  readonly #tree: CompanionFiles;
  readonly #byKey = new Map<string, PnpmEntry>();
  /** Ids of packages by the key of their entries. */
  readonly #ids = new Map<string, string>();
  /** Names of the projects by their folder relative to the target. */
  readonly #projects = new Map<string, Package>();

  constructor(lock: PnpmLockFile, folder: string, tree: CompanionFiles) {
    this.#lock = lock;
    this.#folder = folder;
    this.#tree = tree;
    const commits = new Map<string, string>();
    for (const entry of lock.entries) {
      this.#byKey.set(entry.key, entry);
      const plain = entry.version === '' ? entry.name : `${entry.name}@${entry.version}`;
      const commit = commitOf(entry) ?? '';
      const before = commits.get(plain);
      if (before === undefined) commits.set(plain, commit);
      this.#ids.set(entry.key, before === undefined || before === commit ? plain : `${plain}#${commit || 'registry'}`);
    }
  }

  packages(): Package[] {
    this.#readProjects();
    const direct = this.#direct();
    const undescribed = this.#undescribed();
    const folders = new Set(
      this.#lock.entries.filter((entry) => entry.directory !== undefined).map((entry) => entry.key),
    );
    // Scopes are found per variant: one set of peers may be for development only while another is not.
    const variants = [...this.#withNeeds(), ...this.#lock.entries.map((entry) => this.#variant(entry))];
    const reached = direct.size === 0 ? variants : withReachThrough(variants, direct, folders);
    return mergePackages([...reached.map((item) => this.#asPackage(item)), ...undescribed]);
  }

  /** From the key of a variant to the id of its package. Optional dependencies of dependencies are flagged by pnpm. */
  #asPackage(item: Package): Package {
    const entry = this.#byKey.get(item.id);
    const idOf = (key: string): string => this.#ids.get(key) ?? key;
    const id = idOf(item.id);
    const dependsOn = [...new Set(item.dependsOn.map(idOf))].filter((need) => need !== id);
    const scope = item.scope === 'runtime' && entry?.isOptional === true ? 'optional' : item.scope;
    return { ...item, id, scope, dependsOn };
  }

  #readProjects(): void {
    for (const importer of this.#lock.importers) {
      const folder = this.#folderOf(importer.folder);
      const manifest = manifestIn(folder, this.#tree);
      const project = manifest === undefined ? undefined : projectOf(folder, manifest, 'root');
      if (project === undefined || project.name === '') continue;
      const { name, version, licenses } = project;
      const relationship = folder === this.#folder ? 'root' : 'workspace';
      const locations = [importer.location];
      const id = `${version === '' ? name : `${name}@${version}`} (${relationship === 'root' ? 'root' : folder})`;
      this.#projects.set(folder, packageOf({ id, name, version, type: 'npm', relationship, locations, licenses }));
    }
  }

  #withNeeds(): Package[] {
    const members = [...this.#projects].filter(([folder]) => folder !== this.#folder).map(([, item]) => item.id);
    const needs = new Map<string, string[]>();
    for (const importer of this.#lock.importers) {
      const folder = this.#folderOf(importer.folder);
      const ids = importer.needs.map((need) => this.#find(need, folder));
      needs.set(folder, [...(needs.get(folder) ?? []), ...ids.filter((id) => id !== undefined)]);
    }
    return [...this.#projects].map(([folder, item]) => {
      const own = folder === this.#folder ? members : [];
      return { ...item, dependsOn: [...new Set([...(needs.get(folder) ?? []), ...own])] };
    });
  }

  #folderOf(importer: string): string {
    const joined = posix.normalize(posix.join(this.#folder, importer));
    return joined === '.' ? '' : joined;
  }

  /** Key of the entry (or id of the project) that a dependency reference leads to. `from`: folder that `link:` is relative to. */
  #find(need: PnpmNeed, from: string): string | undefined {
    const { name, reference } = need;
    if (reference.startsWith('link:')) {
      const target = posix.normalize(posix.join(from, reference.slice('link:'.length)));
      return this.#projects.get(target === '.' ? '' : target)?.id;
    }
    const keys = [`${name}@${reference}`, `/${name}@${reference}`, `/${name}/${reference}`, reference];
    return keys.find((key) => this.#byKey.has(key));
  }

  #direct(): Map<string, Scope> {
    const direct = new Map<string, Scope>();
    for (const importer of this.#lock.importers) {
      for (const need of importer.needs) {
        const id = this.#find(need, this.#folderOf(importer.folder));
        if (id === undefined) this.#missing(need, importer.location.path);
        else direct.set(id, strongerScope(scopes[need.section], direct.get(id) ?? scopes[need.section]));
      }
    }
    return direct;
  }

  /** What an importer resolved to a version that has no entry of its own: the file was shortened, the package is needed all the same. */
  #undescribed(): Package[] {
    const described = new Set(this.#lock.entries.map((entry) => entry.name));
    return this.#lock.importers.flatMap((importer) =>
      importer.needs.flatMap((need) => {
        const version = referredVersion(need.reference);
        // A file that describes the package in another form (a fork, a place) is not a shortened one.
        if (
          version === undefined ||
          described.has(need.name) ||
          this.#find(need, this.#folderOf(importer.folder)) !== undefined
        )
          return [];
        const { name, section } = need;
        return packageOf({
          name,
          version,
          type: 'npm',
          purl: npmPurl(name, version),
          scope: scopes[section],
          relationship: 'direct',
          locations: [importer.location],
          facts: { other: { described: 'no' } },
        });
      }),
    );
  }

  #missing(need: PnpmNeed, path: string): void {
    if (need.reference.startsWith('link:')) return;
    const message = `the project needs ${need.name} ${need.reference}, which the file does not describe`;
    this.problems.push({ kind: 'unresolved', message, location: { path }, hidesFindings: true });
  }

  /** A package under the key of its variant. */
  #variant(entry: PnpmEntry): Package {
    const { name, version, key } = entry;
    const isOwn = entry.directory !== undefined;
    const purl = isOwn ? undefined : npmPurl(name, version);
    const facts = factsOf(entry);
    const from = this.#folderOf(entry.directory ?? '');
    const needs = entry.needs.map((need) => this.#find(need, from)).filter((need) => need !== undefined);
    return packageOf({
      id: key,
      name,
      version,
      type: 'npm',
      ...(purl === undefined ? {} : { purl }),
      scope: entry.isDevelopment ? 'development' : entry.isOptional ? 'optional' : 'runtime',
      ...(isOwn ? { relationship: 'workspace' } : {}),
      locations: [entry.location],
      licenses: installedLicenses(name, version, this.#tree),
      digests: integrityDigests(entry.integrity),
      dependsOn: needs,
      ...(facts === undefined ? {} : { facts }),
    });
  }
}

function commitOf(entry: PnpmEntry): string | undefined {
  return entry.commit ?? (entry.tarball === undefined ? undefined : pinnedCommit(entry.tarball));
}

function factsOf(entry: PnpmEntry): PackageFacts | undefined {
  const fetched = fetchFacts(entry.tarball);
  if (entry.commit === undefined && entry.repository === undefined) return fetched;
  return {
    ...fetched,
    ...(entry.repository === undefined ? {} : { repository: entry.repository }),
    ...(entry.commit === undefined ? {} : { commit: entry.commit }),
  };
}
