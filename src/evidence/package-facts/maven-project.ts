// SPDX-License-Identifier: Apache-2.0
// The effective project of one Maven file: parents, properties and imported dependency management put together, as far as they are
// in the tree. Order of precedence: https://maven.apache.org/ref/current/maven-model-builder/
import type { PomDependency, PomExclusion, PomLicense, PomModel } from '../../formats/maven-pom.ts';
import { managementKey } from '../../formats/maven-pom.ts';
import { effectiveRepositories, mirrorOf } from '../../formats/maven-settings.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Location } from '../../model/location.ts';
import type { MavenCoordinates } from './maven-coordinates.ts';
import { findModel, findParent } from './maven-lookup.ts';
import { isImport, managedIndex } from './maven-managed.ts';
import type { PomTree } from './maven-tree.ts';

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

export class MavenProject {
  readonly model: PomModel;
  /** The file itself, its parent, its grandparent ... */
  readonly lineage: readonly PomModel[];
  readonly #tree: PomTree;
  readonly #missing: MissingProject[] = [];
  readonly #texts = new Map<string, string | undefined>();
  readonly #managed = new Map<string, PomDependency | undefined>();
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

  /** Where Maven would look for what is missing, by the files of the tree: repositories of the lineage, then of the settings. */
  get repositories(): readonly string[] {
    const { settings } = this.#tree;
    const own = this.lineage.flatMap((model) => model.repositories);
    const all = [...own, ...(settings === undefined ? [] : effectiveRepositories(settings))];
    return [
      ...new Set(all.map((item) => (settings === undefined ? undefined : mirrorOf(item, settings))?.id ?? item.id)),
    ];
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
    const artifactId = key.split(':')[1] ?? '';
    for (const model of this.lineage) {
      const { byKey, open } = managedIndex(model);
      const candidates = [...(open.get(artifactId) ?? []), ...(open.get('') ?? [])];
      const entry = byKey.get(key) ?? candidates.find((dependency) => this.#keyOf(dependency) === key);
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
      const next = findParent(model, model.parent, this.#tree);
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
}
