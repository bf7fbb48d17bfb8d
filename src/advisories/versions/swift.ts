// SPDX-License-Identifier: Apache-2.0
// Swift packages: semver precedence; requirements of Package.swift: `1.0.0..<2.0.0`, `1.0.0...1.4.2`, `from: 1.2.0`.
import type { Alternatives, Comparator } from '../version-text/constraint.ts';
import { semverFamilyOrder } from '../version-text/semver-family.ts';
import { parseAll } from '../version-text/semver-range.ts';

function parseConstraint(requirement: string): Alternatives | undefined {
  const text = requirement.replaceAll('"', '').trim();
  const half = /^(\S{1,256}?)\s*(\.\.<|\.\.\.)\s*(\S{1,256})$/.exec(text);
  if (half?.[1] !== undefined && half[3] !== undefined) {
    const upper: Comparator = { operator: half[2] === '..<' ? '<' : '<=', version: half[3] };
    return [[{ operator: '>=', version: half[1] }, upper]];
  }
  const named = /^(from|exact|upToNextMajor|upToNextMinor)\s*:\s*(\S{1,256})$/.exec(text);
  const operators: Record<string, string> = { from: '^', exact: '=', upToNextMajor: '^', upToNextMinor: '~' };
  const operator = named?.[1] === undefined ? '' : (operators[named[1]] ?? '');
  const all = parseAll(`${operator}${named?.[2] ?? text}`, { bare: 'equal', caretOfZero: 'leftmost' });
  return all === undefined ? undefined : [all];
}

export const swift = semverFamilyOrder({
  id: 'swift',
  ecosystems: ['SwiftURL'],
  parseConstraint,
  prereleases: 'ordinary',
  advisories: 'plain-syntax-first',
});
