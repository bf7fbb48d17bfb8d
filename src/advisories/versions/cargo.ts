// SPDX-License-Identifier: Apache-2.0
// crates.io: semver precedence; requirements as Cargo reads them (The Cargo Book, "Specifying Dependencies"): a bare version is a
// caret requirement, commas mean "and".
import { semverFamilyOrder } from '../version-text/semver-family.ts';
import { parseAll } from '../version-text/semver-range.ts';

export const cargo = semverFamilyOrder({
  id: 'cargo',
  ecosystems: ['crates.io'],
  parseConstraint: (requirement) => {
    const all = requirement.includes('|')
      ? undefined
      : parseAll(requirement, { bare: 'caret', caretOfZero: 'leftmost' });
    return all === undefined ? undefined : [all];
  },
  prereleases: 'when-named',
  // Advisories write `1.2.3` for that very version, and never caret requirements.
  advisories: 'plain-syntax-first',
});
