// SPDX-License-Identifier: Apache-2.0
// What a version order is. One file per order; the list is index.ts.

export interface VersionOrder {
  /** Unique: semver, npm, pep440, maven, dpkg, rpm, apk ... */
  readonly id: string;
  /** OSV ecosystem names (without release suffix) that compare this way. */
  readonly ecosystems: readonly string[];
  /** Negative when a sorts before b, 0 when equal, positive when after. Total on all strings: never throws, never NaN. */
  compare(a: string, b: string): number;
  /**
   * How an installed version stands to a bound of an advisory, where that is not plainly `compare`: what a bound leaves
   * unsaid (an epoch, a local version, a revision) does not count. Not an order: never sort with it.
   */
  compareToBound?(installed: string, bound: string): number;
  /** true when the text is a version of this scheme; compare still works on others. */
  isValid(version: string): boolean;
  /**
   * Whether the version satisfies a constraint in the ecosystem's own words (`^1.2 || 3.x`, `>=1.0,<2.0`, `~> 1.4`, `[1.0,2.0)`),
   * as the ecosystem's installer decides. Undefined when the constraint is not of the ecosystem's syntax.
   */
  satisfies(version: string, constraint: string): boolean | undefined;
  /**
   * Whether a constraint that an advisory states covers the version: the ecosystem's words or the plain `>= 1, < 2 || = 3`, but
   * prereleases are ordinary versions here and bounds are compared with `compareToBound`. The empty constraint covers everything.
   */
  affects(version: string, constraint: string): boolean | undefined;
}

/** Identity function that fixes the type. */
export function defineVersionOrder(order: VersionOrder): VersionOrder {
  return order;
}

/** `compareToBound` where the order has one, else `compare`. */
export function compareInstalled(order: VersionOrder, installed: string, bound: string): number {
  return order.compareToBound === undefined ? order.compare(installed, bound) : order.compareToBound(installed, bound);
}
