// SPDX-License-Identifier: Apache-2.0
// Folds things that share a name into groups (union-find): advisories of different sources on one vulnerability.

/** Groups items that are connected by common names, in the order of their first members. `namesOf` gives at least one name. */
export function groupByNames<T>(
  items: readonly T[],
  namesOf: (item: T) => readonly string[],
): readonly (readonly T[])[] {
  if (items.length < 2) return items.map((item) => [item]);
  const parents = new Map<string, string>();

  function rootOf(name: string): string {
    let root = name;
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
      root = parent;
    // Path compression: later look-ups take one step.
    for (let at = name; at !== root; ) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  }

  for (const item of items) {
    const [first, ...others] = namesOf(item);
    if (first === undefined) continue;
    if (!parents.has(first)) parents.set(first, first);
    for (const name of others) {
      if (!parents.has(name)) parents.set(name, name);
      parents.set(rootOf(name), rootOf(first));
    }
  }
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const root = rootOf(namesOf(item)[0] ?? '');
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** The id people know best: CVE, then GHSA, then whatever comes first by text. */
export function preferredId(ids: readonly string[]): string {
  const sorted = ids.toSorted();
  return sorted.find((id) => id.startsWith('CVE-')) ?? sorted.find((id) => id.startsWith('GHSA-')) ?? sorted[0] ?? '';
}
