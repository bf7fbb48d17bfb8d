// SPDX-License-Identifier: Apache-2.0
// npm: semver precedence and node-semver's ranges in loose mode.
import { semverFamilyOrder } from '../version-text/semver-family.ts';
import { parseRange } from '../version-text/semver-range.ts';

export const npm = semverFamilyOrder({
  id: 'npm',
  ecosystems: ['npm'],
  parseConstraint: (range) => parseRange(range, { bare: 'equal', caretOfZero: 'leftmost' }),
  prereleases: 'when-named',
  advisories: 'own-syntax-first',
});
