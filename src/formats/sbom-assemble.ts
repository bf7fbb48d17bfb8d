// SPDX-License-Identifier: Apache-2.0
// From the elements and edges of an SPDX document of any version to the neutral SBOM model: what is a package, what only groups packages,
// what depends on what. What the elements say of themselves is read in sbom2.ts and sbom3.ts.
import type { Digest } from '../model/digest.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Distribution, Package, PackageList, Relationship, Scope } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { SbomDocument, SbomRoot } from '../model/sbom.ts';
import { systemTypes } from './purl-package.ts';

export interface SbomElement {
  readonly id: string;
  /** `package`: what a scan looks at; `group`: an application, file or operating system that packages belong to; `file`: a plain file. */
  readonly role: 'package' | 'group' | 'file';
  readonly name: string;
  readonly version: string;
  /** As the format calls it: library, application, container, operating-system, file ... */
  readonly purpose: string;
  readonly purl?: string;
  /** For packages: all but scope, relationship and dependencies. */
  readonly package?: Package;
  /** For groups: the file that the packages come from; absent when the group is no file. */
  readonly path?: string;
  readonly distribution?: Distribution;
  /** For files. */
  readonly digests?: readonly Digest[];
}

export interface SbomEdge {
  readonly from: string;
  readonly kind: 'describes' | 'contains' | 'depends-on' | 'evident-by';
  readonly to: string;
  /** What the dependency is needed for. */
  readonly scope?: Scope;
}

export interface SbomParts {
  readonly document: Pick<SbomDocument, 'format' | 'specVersion' | 'name' | 'tools'> & Partial<SbomDocument>;
  readonly documentId: string;
  readonly path: string;
  readonly elements: readonly SbomElement[];
  readonly edges: readonly SbomEdge[];
  readonly problems: readonly Problem[];
}

/** Strongest need first (src/model/package.ts). */
const scopes: readonly Scope[] = ['runtime', 'optional', 'peer', 'build', 'test', 'development'];

export function assembleSbom(parts: SbomParts): SbomDocument {
  const graph = new ElementGraph(parts);
  const root = graph.root();
  const groups = graph.groupsOfPackages();
  const problems = [...parts.problems];
  const lists = new Map<string, Package[]>();
  let count = 0;
  for (const element of graph.packages()) {
    count += 1;
    if (count > defaultLimits.packagesPerFile) continue;
    const group = groups.get(element.id);
    const item = graph.packageOf(element, group, root?.id);
    const path = group?.path ?? item.locations[0]?.path ?? parts.path;
    // Packages of several ecosystems that no file groups are still told apart.
    listOf(lists, path === parts.path ? `${path}\n${item.type}` : path).push(item);
  }
  if (count > defaultLimits.packagesPerFile) {
    const message = `${count} packages; only the first ${defaultLimits.packagesPerFile} are kept`;
    problems.push({ kind: 'limit', message, location: { path: parts.path }, hidesFindings: true });
  }
  const distribution = graph.distribution();
  return {
    ...parts.document,
    name: root?.name ?? parts.document.name,
    ...(root === undefined || root.version === '' ? {} : { version: root.version }),
    ...(root === undefined ? {} : { root }),
    lists: [...lists].map(([key, packages]) =>
      packageList(key.replace(/\n.*$/s, ''), packages, { format: parts.document.format, distribution }),
    ),
    ...(distribution === undefined ? {} : { distribution }),
    problems,
  };
}

function listOf(lists: Map<string, Package[]>, path: string): Package[] {
  const known = lists.get(path);
  if (known !== undefined) return known;
  const fresh: Package[] = [];
  lists.set(path, fresh);
  return fresh;
}

function packageList(
  path: string,
  packages: readonly Package[],
  of: { readonly format: string; readonly distribution: Distribution | undefined },
): PackageList {
  const { format, distribution } = of;
  const isSystem = packages.some((item) => systemTypes.has(item.type));
  return {
    cataloger: format,
    path,
    ecosystem: commonest(packages.map((item) => item.type)),
    kind: isSystem || distribution !== undefined ? 'installed' : 'declared',
    packages,
    ...(isSystem && distribution !== undefined ? { distribution } : {}),
  };
}

function commonest(types: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'generic';
}

class ElementGraph {
  readonly #parts: SbomParts;
  readonly #byId = new Map<string, SbomElement>();
  readonly #from = new Map<string, SbomEdge[]>();
  readonly #into = new Map<string, SbomEdge[]>();
  /** true when the document tells direct dependencies from others. */
  readonly #tellsDirect: boolean;

  constructor(parts: SbomParts) {
    this.#parts = parts;
    for (const element of parts.elements) if (!this.#byId.has(element.id)) this.#byId.set(element.id, element);
    for (const edge of parts.edges) {
      push(this.#from, edge.from, edge);
      push(this.#into, edge.to, edge);
      const from = this.#byId.get(edge.from);
      const isLockFile =
        from?.role === 'file' && edge.kind === 'contains' && this.#byId.get(edge.to)?.role === 'package';
      if (isLockFile) this.#byId.set(edge.from, { ...from, role: 'group', path: from.name });
    }
    this.#tellsDirect = this.#distinguishesDirect(parts.edges);
  }

  /** Dependencies of dependencies, or something that contains more than what it depends on, or says both of one package. */
  #distinguishesDirect(edges: readonly SbomEdge[]): boolean {
    const contained = new Set(
      edges.filter((edge) => edge.kind === 'contains').map((edge) => `${edge.from}\n${edge.to}`),
    );
    return edges.some(
      (edge) =>
        edge.kind === 'depends-on' &&
        this.#isPackage(edge.to) &&
        (this.#isDependency(edge.from) || contained.has(`${edge.from}\n${edge.to}`)),
    );
  }

  packages(): readonly SbomElement[] {
    const described = this.#soleDescribed();
    return [...this.#byId.values()].filter((element) => element.role === 'package' && !isBareRoot(element, described));
  }

  /** The one element that is described; undefined when there are several or none. */
  root(): SbomRoot | undefined {
    const element = this.#soleDescribed();
    if (element === undefined) return undefined;
    const { id, name, version, purpose, purl } = element;
    const dependsOn = this.#dependencies(id);
    return { id, name, version, type: purpose, ...(purl === undefined ? {} : { purl }), dependsOn };
  }

  distribution(): Distribution | undefined {
    const elements = [...this.#byId.values()];
    const named = elements.find((element) => element.role === 'group' && element.distribution !== undefined);
    return (named ?? elements.find((element) => element.distribution !== undefined))?.distribution;
  }

  /** The group each package belongs to: reached over containment and dependencies, nearest group first. */
  groupsOfPackages(): ReadonlyMap<string, SbomElement> {
    const groups = new Map<string, SbomElement>();
    const described = this.#soleDescribed();
    for (const start of this.#byId.values()) {
      if (start.role !== 'group' || start === described) continue;
      const queue = [start.id];
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        for (const edge of this.#from.get(id) ?? []) {
          if (edge.kind === 'evident-by' || !this.#isPackage(edge.to) || groups.has(edge.to)) continue;
          groups.set(edge.to, start);
          queue.push(edge.to);
        }
      }
    }
    return groups;
  }

  packageOf(element: SbomElement, group: SbomElement | undefined, rootId: string | undefined): Package {
    const incoming = (this.#into.get(element.id) ?? []).filter((edge) => edge.kind === 'depends-on');
    const strongest = Math.min(...incoming.map((edge) => scopes.indexOf(edge.scope ?? 'runtime')));
    const base = element.package ?? packageOf({ name: element.name, version: element.version, type: 'generic' });
    const file = this.#fileOf(element.id);
    return {
      ...base,
      id: element.id,
      scope: scopes[strongest] ?? base.scope,
      relationship:
        element.id === rootId
          ? 'root'
          : base.relationship === 'unknown'
            ? this.#relationshipOf(element, incoming)
            : base.relationship,
      locations: this.#locationOf(base, file?.name ?? group?.path),
      digests: base.digests.length > 0 ? base.digests : (file?.digests ?? []),
      dependsOn: this.#dependencies(element.id),
    };
  }

  /** The one file that a package is found in; undefined when it has several: then they are its content. */
  #fileOf(id: string): SbomElement | undefined {
    const files = (this.#from.get(id) ?? [])
      .filter((edge) => edge.kind === 'evident-by' || edge.kind === 'contains')
      .map((edge) => this.#byId.get(edge.to))
      .filter((file) => file?.role === 'file');
    return files.length === 1 ? files[0] : undefined;
  }

  /** Where the package itself says, else where its file or group is. */
  #locationOf(base: Package, path: string | undefined): readonly Location[] {
    if (base.locations.some((location) => location.path !== '')) return base.locations;
    const layer = base.locations[0]?.layer;
    if (path === undefined && layer === undefined) return [];
    return [{ path: path ?? this.#parts.path, ...(layer === undefined ? {} : { layer }) }];
  }

  #relationshipOf(element: SbomElement, incoming: readonly SbomEdge[]): Relationship {
    if (element.purpose === 'application') return incoming.length === 0 ? 'root' : 'workspace';
    if (!this.#tellsDirect) return 'unknown';
    if (incoming.some((edge) => !this.#isDependency(edge.from))) return 'direct';
    return incoming.length > 0 ? 'indirect' : 'unknown';
  }

  /** Something that is itself needed by something else: neither the root nor a group. */
  #isDependency(id: string): boolean {
    const element = this.#byId.get(id);
    return element?.role === 'package' && element.purpose !== 'application' && element !== this.#soleDescribed();
  }

  #isPackage(id: string): boolean {
    return this.#byId.get(id)?.role === 'package';
  }

  #dependencies(id: string): readonly string[] {
    const targets = (this.#from.get(id) ?? []).filter((edge) => edge.kind === 'depends-on' && this.#isPackage(edge.to));
    return [...new Set(targets.map((edge) => edge.to))].filter((to) => to !== id);
  }

  #described: SbomElement | null | undefined;

  #soleDescribed(): SbomElement | undefined {
    if (this.#described === undefined) {
      const ids = new Set(
        (this.#from.get(this.#parts.documentId) ?? [])
          .filter((edge) => edge.kind === 'describes')
          .map((edge) => edge.to),
      );
      const elements = [...ids]
        .map((id) => this.#byId.get(id))
        .filter((element) => element !== undefined && element.role !== 'file');
      this.#described = elements.length === 1 ? (elements[0] ?? null) : null;
    }
    return this.#described ?? undefined;
  }
}

/** What a document is about is a package only when something identifies it; a folder or a container without identity is not. */
function isBareRoot(element: SbomElement, described: SbomElement | undefined): boolean {
  return element === described && element.purl === undefined && (element.package?.cpes ?? []).length === 0;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
