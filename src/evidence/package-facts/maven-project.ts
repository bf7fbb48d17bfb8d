// SPDX-License-Identifier: Apache-2.0
// The effective project of one Maven file: parents, properties and imported dependency management put together, as far as they are
// in the tree. Order of precedence: https://maven.apache.org/ref/current/maven-model-builder/
import type { PomDependency, PomExclusion, PomLicense, PomModel, PomParent } from '../../formats/maven-pom.ts';
import { managementKey } from '../../formats/maven-pom.ts';
import { printLicenseExpression } from '../../formats/spdx-license.ts';
import { licenseOfUrl } from '../../formats/spdx-license-names.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Location } from '../../model/location.ts';
import type { PomTree } from './maven-tree.ts';

export interface MavenCoordinates {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

/** A dependency with its properties replaced and the dependency management applied. */
export interface MavenDependency extends MavenCoordinates {
  readonly type: string;
  readonly classifier: string;
  /** compile, provided, runtime, test, system, import. */
  readonly scope: string;
  readonly isOptional: boolean;
  readonly exclusions: readonly PomExclusion[];
  readonly location: Location;
}

/** A project file that is needed and not in the tree. */
export interface MissingProject extends MavenCoordinates {
  readonly role: 'parent' | 'import';
  readonly location: Location;
}

/** Replaced texts longer than this are given up: `${a}${a}` chains double with every step. */
const longestText = 4_096;

const projects = new WeakMap<PomTree, Map<PomModel, MavenProject>>();

/** The effective project of a model; made once per run. */
export function mavenProjectOf(model: PomModel, tree: PomTree): MavenProject {
  let known = projects.get(tree);
  if (known === undefined) {
    known = new Map();
    projects.set(tree, known);
  }
  let project = known.get(model);
  if (project === undefined) {
    project = new MavenProject(model, tree);
    known.set(model, project);
  }
  return project;
}

/** Names of the licences; a licence that has only an address is the one the address stands for, else the address. */
export function mavenLicenses(project: Pick<MavenProject, 'licenses'>): string[] {
  const texts = project.licenses.map(({ name, url }) => {
    if (name !== undefined || url === undefined) return name;
    const known = licenseOfUrl(url);
    return known === undefined ? url : printLicenseExpression(known);
  });
  return texts.filter((text) => text !== undefined);
}

export class MavenProject {
  readonly model: PomModel;
  /** The file itself, its parent, its grandparent ... */
  readonly lineage: readonly PomModel[];
  readonly #tree: PomTree;
  readonly #missing: MissingProject[] = [];
  readonly #texts = new Map<string, string | undefined>();
  readonly #managed = new Map<string, PomDependency | undefined>();
  readonly #open: ReadonlyMap<string, PomDependency>[] = [];
  #imports: MavenProject[] | undefined;

  constructor(model: PomModel, tree: PomTree) {
    this.model = model;
    this.#tree = tree;
    this.lineage = this.#readLineage();
  }

  get coordinates(): MavenCoordinates {
    const parent = this.model.parent;
    return {
      groupId: this.replace(this.model.groupId ?? parent?.groupId ?? ''),
      artifactId: this.replace(this.model.artifactId ?? ''),
      version: this.replace(this.model.version ?? parent?.version ?? ''),
    };
  }

  /** Licences of the nearest file that states any. */
  get licenses(): readonly PomLicense[] {
    return this.lineage.find((model) => model.licenses.length > 0)?.licenses ?? [];
  }

  /** Parents and imports that are not in the tree; complete after `managed` was asked. */
  get missing(): readonly MissingProject[] {
    return this.#missing;
  }

  /** Own and inherited dependencies; one that is declared twice counts as last written, as Maven has it. */
  dependencies(): MavenDependency[] {
    const found = new Map<string, PomDependency>();
    for (const model of this.lineage) {
      const own = new Map<string, PomDependency>();
      for (const dependency of model.dependencies) {
        const key = this.#keyOf(dependency);
        own.delete(key);
        own.set(key, dependency);
      }
      for (const [key, dependency] of own) if (!found.has(key)) found.set(key, dependency);
    }
    return [...found.values()].map((dependency) => this.#effective(dependency));
  }

  /** What the dependency management says about a key: own entries, then inherited ones, then imports in their order. */
  managed(key: string): PomDependency | undefined {
    if (this.#managed.has(key)) return this.#managed.get(key);
    // Entered first, so that imports that import each other end.
    this.#managed.set(key, undefined);
    let found = this.#ownManaged(key);
    if (found === undefined) {
      for (const project of this.imports()) {
        found = project.managed(key);
        if (found !== undefined) break;
      }
    }
    this.#managed.set(key, found);
    return found;
  }

  /** Projects whose dependency management is imported. */
  imports(): readonly MavenProject[] {
    this.#imports ??= this.#readImports();
    return this.#imports;
  }

  /** Replaces `${name}`; what cannot be replaced stays as it is. */
  replace(text: string): string {
    if (!text.includes('${')) return text;
    let length = 0;
    return text.replace(/\$\{([^${}]{1,200})\}/g, (whole, name: string) => {
      const value = this.#value(name.trim()) ?? whole;
      length += value.length;
      return length > longestText ? whole : value;
    });
  }

  #value(name: string): string | undefined {
    if (this.#texts.has(name)) return this.#texts.get(name);
    this.#texts.set(name, undefined);
    const raw = this.#rawValue(name);
    const value = raw === undefined ? undefined : this.replace(raw);
    const isWhole = value === undefined || !value.includes(`\${${name}}`);
    this.#texts.set(name, isWhole ? value : undefined);
    return isWhole ? value : undefined;
  }

  /** `project.x` is the model's own value even where a property has that name (maven-model-builder, interpolation order). */
  #rawValue(name: string): string | undefined {
    const member = /^(?:project|pom)\.(.+)$/.exec(name)?.[1];
    const fromModel = member === undefined ? undefined : this.#member(member);
    if (fromModel !== undefined) return fromModel;
    for (const model of this.lineage) {
      const value = model.properties.get(name);
      if (value !== undefined) return value;
    }
    return this.#member(name);
  }

  #member(name: string): string | undefined {
    const { model } = this;
    switch (name) {
      case 'groupId':
        return model.groupId ?? model.parent?.groupId;
      case 'artifactId':
        return model.artifactId;
      case 'version':
        return model.version ?? model.parent?.version;
      case 'packaging':
        return model.packaging;
      case 'parent.groupId':
        return model.parent?.groupId;
      case 'parent.artifactId':
        return model.parent?.artifactId;
      case 'parent.version':
        return model.parent?.version;
      default:
        return undefined;
    }
  }

  #keyOf(dependency: PomDependency): string {
    return managementKey({
      groupId: this.replace(dependency.groupId),
      artifactId: this.replace(dependency.artifactId),
      type: this.replace(dependency.type),
      classifier: this.replace(dependency.classifier),
    });
  }

  #effective(dependency: PomDependency): MavenDependency {
    const managed = this.managed(this.#keyOf(dependency));
    return {
      groupId: this.replace(dependency.groupId),
      artifactId: this.replace(dependency.artifactId),
      version: this.replace(dependency.version ?? managed?.version ?? ''),
      type: this.replace(dependency.type),
      classifier: this.replace(dependency.classifier),
      scope: this.replace(dependency.scope ?? managed?.scope ?? 'compile'),
      isOptional: this.replace(dependency.optional ?? managed?.optional ?? '').toLowerCase() === 'true',
      exclusions: [...dependency.exclusions, ...(managed?.exclusions ?? [])].map((exclusion) => ({
        groupId: this.replace(exclusion.groupId),
        artifactId: this.replace(exclusion.artifactId),
      })),
      location: dependency.location,
    };
  }

  /** Own and inherited entries, with their texts replaced: an import is read in the context of the project it belongs to. */
  #ownManaged(key: string): PomDependency | undefined {
    for (const [index, model] of this.lineage.entries()) {
      const entry = managedIndex(model).byKey.get(key) ?? this.#openManaged(index).get(key);
      if (entry === undefined) continue;
      const { version, scope, optional } = entry;
      return {
        ...entry,
        version: version === undefined ? undefined : this.replace(version),
        scope: scope === undefined ? undefined : this.replace(scope),
        optional: optional === undefined ? undefined : this.replace(optional),
      };
    }
    return undefined;
  }

  /** Entries of one file of the lineage whose key holds properties, by the key they have here. */
  #openManaged(index: number): ReadonlyMap<string, PomDependency> {
    let found = this.#open[index];
    if (found === undefined) {
      const model = this.lineage[index];
      const open = model === undefined ? [] : managedIndex(model).open;
      found = new Map(open.toReversed().map((dependency) => [this.#keyOf(dependency), dependency]));
      this.#open[index] = found;
    }
    return found;
  }

  #readImports(): MavenProject[] {
    const found: MavenProject[] = [];
    const seen = new Set<string>();
    for (const model of this.lineage) {
      for (const dependency of model.managed.filter(isImport)) {
        const key = this.#keyOf(dependency);
        if (seen.has(key) || found.length >= defaultLimits.includes) continue;
        seen.add(key);
        const wanted = {
          groupId: this.replace(dependency.groupId),
          artifactId: this.replace(dependency.artifactId),
          version: this.replace(dependency.version ?? ''),
        };
        const target = findModel(wanted, this.#tree);
        if (target === undefined) this.#missing.push({ ...wanted, role: 'import', location: dependency.location });
        else if (target !== this.model) found.push(mavenProjectOf(target, this.#tree));
      }
    }
    return found;
  }

  #readLineage(): PomModel[] {
    const lineage = [this.model];
    for (let model = this.model; model.parent !== undefined; ) {
      const next = this.#parentOf(model, model.parent);
      if (next === undefined) {
        this.#missing.push({ ...model.parent, role: 'parent' });
        break;
      }
      // A parent that is its own ancestor: what was read so far counts.
      if (lineage.includes(next) || lineage.length >= defaultLimits.includes) break;
      lineage.push(next);
      model = next;
    }
    return lineage;
  }

  #parentOf(model: PomModel, parent: PomParent): PomModel | undefined {
    if (parent.relativePath !== '' && !model.path.endsWith('.pom')) {
      const beside = relativeModel(model.path, parent.relativePath, this.#tree);
      if (beside !== undefined && isSameProject(beside, parent)) return beside;
    }
    const found = findModel(parent, this.#tree);
    if (found !== undefined) return found;
    // Local repositories hold files with a relative path too, where somebody copied a whole project.
    const beside = relativeModel(model.path, parent.relativePath, this.#tree);
    return beside !== undefined && isSameProject(beside, parent) ? beside : undefined;
  }
}

interface ManagedIndex {
  readonly byKey: ReadonlyMap<string, PomDependency>;
  readonly open: readonly PomDependency[];
}

/** A parent with a thousand entries is asked by a thousand modules: keys without properties are looked up, not compared. */
const managedIndexes = new WeakMap<PomModel, ManagedIndex>();

function managedIndex(model: PomModel): ManagedIndex {
  let index = managedIndexes.get(model);
  if (index === undefined) {
    const entries = model.managed.filter((dependency) => !isImport(dependency));
    const keyed = entries.map((dependency) => [managementKey(dependency), dependency] as const);
    index = {
      byKey: new Map(keyed.filter(([key]) => !key.includes('${')).toReversed()),
      open: keyed.filter(([key]) => key.includes('${')).map(([, dependency]) => dependency),
    };
    managedIndexes.set(model, index);
  }
  return index;
}

/** The project with these coordinates: one of the tree, else one of a local repository. */
export function findModel(wanted: MavenCoordinates, tree: PomTree): PomModel | undefined {
  const candidates = tree.projects(wanted.groupId, wanted.artifactId);
  const exact = candidates.find((model) => (model.version ?? model.parent?.version) === wanted.version);
  if (exact !== undefined) return exact;
  // `${revision}`: the version stands in a property, which every project of the build shares.
  const open = candidates.find((model) => (model.version ?? model.parent?.version ?? '').includes('${'));
  if (open !== undefined && (wanted.version.includes('${') || versionsOf(open).includes(wanted.version))) return open;
  return tree.published(wanted.groupId, wanted.artifactId, wanted.version);
}

/** Values a version written as one property of the same file can have. */
function versionsOf(model: PomModel): string[] {
  const text = model.version ?? '';
  return [text.replace(/\$\{([^${}]{1,200})\}/g, (whole, name: string) => model.properties.get(name) ?? whole)];
}

function isImport(dependency: PomDependency): boolean {
  return dependency.scope === 'import' && dependency.type === 'pom';
}

function relativeModel(from: string, relative: string, tree: PomTree): PomModel | undefined {
  const path = resolvePath(from.slice(0, Math.max(0, from.lastIndexOf('/'))), relative);
  if (path === undefined) return undefined;
  const folder = path === '' ? '' : `${path}/`;
  return (path.endsWith('.xml') || path.endsWith('.pom') ? tree.at(path) : undefined) ?? tree.at(`${folder}pom.xml`);
}

/** Joins a folder of the tree and a relative path; undefined when it leaves the tree. */
export function resolvePath(folder: string, relative: string): string | undefined {
  const segments = folder === '' ? [] : folder.split('/');
  for (const segment of relative.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** Versions are compared only when both are literal: CI builds write `${revision}` on either side. */
function isSameProject(model: PomModel, parent: PomParent): boolean {
  if (model.artifactId !== parent.artifactId) return false;
  const groupId = model.groupId ?? model.parent?.groupId ?? '';
  if (groupId !== parent.groupId && !groupId.includes('${') && !parent.groupId.includes('${')) return false;
  const version = model.version ?? model.parent?.version ?? '';
  return version === parent.version || version.includes('${') || /[${[(]/.test(parent.version);
}
