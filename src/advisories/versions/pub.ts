// SPDX-License-Identifier: Apache-2.0
// Pub (Dart): semver precedence, but build metadata counts (package:pub_semver): nothing first, then identifiers in order.
import { semverFamilyOrder } from '../version-text/semver-family.ts';
import { parseAll } from '../version-text/semver-range.ts';
import { compareIdentifiers, compareSemver, identifiersOf, type SemverText } from '../version-text/semver-text.ts';

function compareParsed(a: SemverText, b: SemverText): number {
  const difference = compareSemver(a, b);
  if (difference !== 0 || a.build === b.build) return difference;
  return compareIdentifiers(identifiersOf(a.build), identifiersOf(b.build));
}

export const pub = semverFamilyOrder({
  id: 'pub',
  ecosystems: ['Pub'],
  parseConstraint: (constraint) => {
    if (constraint.trim() === 'any') return [[]];
    const all = constraint.includes('|') ? undefined : parseAll(constraint, { bare: 'equal', caretOfZero: 'minor' });
    return all === undefined ? undefined : [all];
  },
  prereleases: 'ordinary',
  advisories: 'plain-syntax-first',
  compareParsed,
});
