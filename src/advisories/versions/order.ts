// SPDX-License-Identifier: Apache-2.0
// What a version order is. One file per order; the list is index.ts.

export interface VersionOrder {
  /** Unique: semver, npm, pep440, maven, dpkg, rpm, apk ... */
  readonly id: string;
  /** OSV ecosystem names (without release suffix) that compare this way. */
  readonly ecosystems: readonly string[];
  /** Negative when a sorts before b, 0 when equal, positive when after. Total on all strings: never throws, never NaN. */
  compare(a: string, b: string): number;
  /** true when the text is a version of this scheme; compare still works on others. */
  isValid(version: string): boolean;
  /**
   * Whether the version satisfies a constraint in the ecosystem's own words (`^1.2 || 3.x`, `>=1.0,<2.0`, `~> 1.4`, `[1.0,2.0)`).
   * Undefined when the constraint is not of the ecosystem's syntax.
   */
  satisfies(version: string, constraint: string): boolean | undefined;
}

/** Identity function that fixes the type. */
export function defineVersionOrder(order: VersionOrder): VersionOrder {
  return order;
}
