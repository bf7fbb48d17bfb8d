// SPDX-License-Identifier: Apache-2.0
// Julia: semver precedence; compat entries of Pkg: a bare version is a caret requirement and commas mean "or".
import type { Alternatives, Comparator } from '../version-text/constraint.ts';
import { semverFamilyOrder } from '../version-text/semver-family.ts';
import { parseRange, type RangeDialect } from '../version-text/semver-range.ts';

const dialect: RangeDialect = { bare: 'caret', caretOfZero: 'leftmost' };

function parseConstraint(compat: string): Alternatives | undefined {
  const alternatives: (readonly Comparator[])[] = [];
  for (const entry of compat.split(',')) {
    const range = parseRange(entry.replaceAll('≥', '>='), dialect);
    if (range === undefined || entry.includes('|')) return undefined;
    alternatives.push(...range);
  }
  return alternatives;
}

export const julia = semverFamilyOrder({
  id: 'julia',
  ecosystems: ['Julia'],
  parseConstraint,
  prereleases: 'ordinary',
  advisories: 'plain-syntax-first',
});
