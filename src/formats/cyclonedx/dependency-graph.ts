// SPDX-License-Identifier: Apache-2.0
// The dependency graph extension 1.0, with which CycloneDX 1.1 XML documents state what later versions have in <dependencies>.
import type { Fault } from './faults.ts';

export const dependencyGraphNamespace = 'http://cyclonedx.org/schema/ext/dependency-graph/1.0';

export interface DependencyGraph {
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly faults: readonly Fault[];
}

/** What is needed of an element: fresh from the text, or as kept in the tree. */
interface GraphElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly GraphElement[];
  readonly line?: number;
}

/** Reads `<dependencies>`, in which dependencies nest to any depth. */
export function readDependencyGraph(element: GraphElement): DependencyGraph {
  const edges = new Map<string, Set<string>>();
  const faults: Fault[] = [];
  const open: { element: GraphElement; parent: string | undefined }[] = element.children.map((child) => ({
    element: child,
    parent: undefined,
  }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { element: current, parent } = next;
    const ref = current.attributes['ref'];
    if (current.name !== 'dependency' || ref === undefined) {
      faults.push({
        path: [],
        message: `<${current.name}> is not a dependency with a ref`,
        ...(current.line === undefined ? {} : { line: current.line }),
      });
      continue;
    }
    if (!edges.has(ref)) edges.set(ref, new Set());
    if (parent !== undefined) edges.get(parent)?.add(ref);
    for (const child of current.children) open.push({ element: child, parent: ref });
  }
  return {
    dependencies: [...edges].map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn].sort() })),
    faults,
  };
}
