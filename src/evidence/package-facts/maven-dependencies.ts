// SPDX-License-Identifier: Apache-2.0
// From an effective project to the packages it needs: which version of each artifact Maven takes (nearest wins, the project's own
// dependency management over all, exclusions along the path), as deep as project files of the dependencies are in the tree.
// https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html
import type { PomExclusion } from '../../formats/maven-pom.ts';
import { managementKey } from '../../formats/maven-pom.ts';
import { defaultLimits } from '../../model/limits.ts';
import { findModel } from './maven-lookup.ts';
import type { MavenDependency, MavenProject } from './maven-project.ts';
import { mavenProjectOf } from './maven-project.ts';
import { parseMavenRequirement } from './maven-requirement.ts';
import type { PomTree } from './maven-tree.ts';

export interface MavenNode {
  /** `group:artifact:type[:classifier]`; what is one artifact with one version. */
  readonly key: string;
  readonly dependency: MavenDependency;
  /** Empty when nothing in the tree states one. */
  readonly version: string;
  readonly isDirect: boolean;
  /** The dependency's own project, where it is in the tree. */
  readonly project: MavenProject | undefined;
  /** true for a project of the same build: what it needs is listed with its own file. */
  readonly isWorkspace: boolean;
  /** Keys of the artifacts it needs. */
  readonly children: ReadonlySet<string>;
}

interface OpenNode extends MavenNode {
  readonly children: Set<string>;
  /** Of this dependency and of all on the way to it. */
  readonly exclusions: readonly PomExclusion[];
  readonly isHard: boolean;
}

/** Rounds of resolution: each `[1.0]` that meets another version starts the next one. */
const mostRounds = 16;

/** Direct dependencies first, then by distance. Keys are unique. */
export function resolveDependencies(project: MavenProject, tree: PomTree): readonly MavenNode[] {
  const pins = new Map<string, string>();
  for (let round = 0; ; round += 1) {
    const resolution = new Resolution(project, tree, pins);
    const nodes = resolution.run();
    if (resolution.conflict === undefined || round >= mostRounds) return nodes;
    pins.set(resolution.conflict.key, resolution.conflict.version);
  }
}

class Resolution {
  readonly #root: MavenProject;
  readonly #tree: PomTree;
  readonly #pins: ReadonlyMap<string, string>;
  readonly #nodes = new Map<string, OpenNode>();
  /** A hard requirement that the version taken does not meet. */
  conflict: { readonly key: string; readonly version: string } | undefined;

  constructor(root: MavenProject, tree: PomTree, pins: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#tree = tree;
    this.#pins = pins;
  }

  run(): readonly MavenNode[] {
    for (const dependency of this.#root.dependencies()) this.#add(dependency, undefined);
    // A Map hands out what is added while it is walked: this is the breadth-first order.
    for (const node of this.#nodes.values()) {
      if (this.conflict !== undefined || this.#nodes.size > defaultLimits.packagesPerFile) break;
      if (node.project === undefined || node.isWorkspace) continue;
      for (const dependency of node.project.dependencies()) this.#addTransitive(dependency, node);
    }
    return [...this.#nodes.values()];
  }

  #addTransitive(dependency: MavenDependency, parent: OpenNode): void {
    if (dependency.isOptional || !isInherited(dependency.scope)) return;
    if (parent.exclusions.some((exclusion) => isExcluded(exclusion, dependency))) return;
    const managed = this.#root.managed(managementKey(dependency));
    if (managed === undefined) {
      this.#add(dependency, parent);
      return;
    }
    const scope = managed.scope ?? dependency.scope;
    if (!isInherited(scope)) return;
    const version = managed.version ?? dependency.version;
    this.#add({ ...dependency, version, scope, exclusions: [...dependency.exclusions, ...managed.exclusions] }, parent);
  }

  #add(dependency: MavenDependency, parent: OpenNode | undefined): void {
    const key = managementKey(dependency);
    parent?.children.add(key);
    const requirement = parseMavenRequirement(dependency.version);
    const known = this.#nodes.get(key);
    if (known !== undefined) {
      const isMet = requirement.kind !== 'hard' || known.isHard || known.version === requirement.version;
      if (!isMet && !this.#pins.has(key)) this.conflict ??= { key, version: requirement.version };
      return;
    }
    const version = this.#pins.get(key) ?? requirement.version;
    const found = this.#find(dependency, version);
    this.#nodes.set(key, {
      key,
      dependency,
      version,
      isDirect: parent === undefined,
      isHard: requirement.kind === 'hard',
      children: new Set(),
      exclusions: [...dependency.exclusions, ...(parent?.exclusions ?? [])],
      ...found,
    });
  }

  #find(dependency: MavenDependency, version: string): Pick<MavenNode, 'project' | 'isWorkspace'> {
    const { groupId, artifactId } = dependency;
    const model = version === '' ? undefined : findModel({ groupId, artifactId, version }, this.#tree);
    if (model === undefined || model === this.#root.model) return { project: undefined, isWorkspace: false };
    return { project: mavenProjectOf(model, this.#tree), isWorkspace: !model.path.endsWith('.pom') };
  }
}

/** Scopes of a dependency's dependencies that its user gets too; `import` and misspelt ones are none. */
function isInherited(scope: string): boolean {
  return scope === 'compile' || scope === 'runtime';
}

function isExcluded(exclusion: PomExclusion, dependency: MavenDependency): boolean {
  const group = exclusion.groupId === '*' || exclusion.groupId === dependency.groupId;
  return group && (exclusion.artifactId === '*' || exclusion.artifactId === dependency.artifactId);
}
