// SPDX-License-Identifier: Apache-2.0
// The dependency management of one project file by key. A parent with a thousand entries is asked by a thousand modules.
import type { PomDependency, PomModel } from '../../formats/maven-pom.ts';
import { managementKey } from '../../formats/maven-pom.ts';

export interface ManagedIndex {
  /** Entries whose key holds no property. */
  readonly byKey: ReadonlyMap<string, PomDependency>;
  /** The others by artifact, in file order; under the empty name those whose artifact itself is a property. */
  readonly open: ReadonlyMap<string, readonly PomDependency[]>;
}

const managedIndexes = new WeakMap<PomModel, ManagedIndex>();

/** Made once per file; what the properties of `open` stand for depends on the project that asks. */
export function managedIndex(model: PomModel): ManagedIndex {
  let index = managedIndexes.get(model);
  if (index === undefined) {
    const entries = model.managed.filter((dependency) => !isImport(dependency));
    const keyed = entries.map((dependency) => [managementKey(dependency), dependency] as const);
    const open = keyed.filter(([key]) => key.includes('${')).map(([, dependency]) => dependency);
    index = {
      byKey: new Map(keyed.filter(([key]) => !key.includes('${')).toReversed()),
      open: Map.groupBy(open, ({ artifactId }) => (artifactId.includes('${') ? '' : artifactId)),
    };
    managedIndexes.set(model, index);
  }
  return index;
}

/** Takes over the dependency management of another project instead of managing an artifact. */
export function isImport(dependency: PomDependency): boolean {
  return dependency.scope === 'import' && dependency.type === 'pom';
}
