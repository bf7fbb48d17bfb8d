// SPDX-License-Identifier: Apache-2.0
// From the packages a project asks for itself to the scope and relationship of every package of a lock file.
import type { Package, Scope } from '../../model/package.ts';

/** Strongest need first: the order in which one scope wins over another. */
const strength: readonly Scope[] = ['runtime', 'optional', 'peer', 'build', 'test', 'development'];

/** The stronger of two needs. */
export function strongerScope(a: Scope, b: Scope): Scope {
  return strength.indexOf(a) <= strength.indexOf(b) ? a : b;
}

/**
 * Sets scope and relationship by what the project asks for: `direct` maps package ids to the scope they are wanted in.
 * What a direct package needs is needed in the same scope, the strongest winning. Packages that are `root` or `workspace` keep
 * that; packages that nothing reaches keep scope and relationship.
 */
export function withReach(packages: readonly Package[], direct: ReadonlyMap<string, Scope>): Package[] {
  const scopes = reachedScopes(packages, direct);
  return packages.map((item) => {
    const scope = scopes.get(item.id);
    if (scope === undefined || isOwn(item)) return item;
    return { ...item, scope, relationship: direct.has(item.id) ? 'direct' : 'indirect' };
  });
}

function reachedScopes(packages: readonly Package[], direct: ReadonlyMap<string, Scope>): Map<string, Scope> {
  const byId = new Map(packages.map((item) => [item.id, item]));
  const reached = new Map<string, Scope>();
  for (const scope of strength) {
    const queue = [...direct].filter((entry) => entry[1] === scope).map(([id]) => id);
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      const item = byId.get(id);
      if (item === undefined || reached.has(id)) continue;
      reached.set(id, scope);
      // What another project of the same tree needs is direct there, with scopes of its own.
      if (!isOwn(item)) queue.push(...item.dependsOn);
    }
  }
  return reached;
}

function isOwn(item: Package): boolean {
  return item.relationship === 'root' || item.relationship === 'workspace';
}

/**
 * As `withReach`, but what the packages of `folders` need is reached through them: folders of the tree that are no projects of their own
 * (`file:../x`), so that nothing else tells what they ask for. They stay `workspace`.
 */
export function withReachThrough(
  packages: readonly Package[],
  direct: ReadonlyMap<string, Scope>,
  folders: ReadonlySet<string>,
): Package[] {
  if (folders.size === 0) return withReach(packages, direct);
  const opened = packages.map((item): Package => (folders.has(item.id) ? { ...item, relationship: 'unknown' } : item));
  return withReach(opened, direct).map((item) =>
    folders.has(item.id) ? { ...item, relationship: 'workspace' } : item,
  );
}
