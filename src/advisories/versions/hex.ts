// SPDX-License-Identifier: Apache-2.0
// Hex (Elixir, Erlang): semver precedence; requirements of Elixir's Version module: `~> 1.2 and != 1.2.5 or >= 2.0.0`.
import { type Alternatives, type Comparator, parseComparator } from '../version-text/constraint.ts';
import { semverFamilyOrder } from '../version-text/semver-family.ts';
import { nextNumber, parsePartial } from '../version-text/semver-range.ts';

function parseConstraint(requirement: string): Alternatives | undefined {
  const alternatives: Comparator[][] = [];
  const text = requirement.replace(/\s+/g, ' ').trim();
  for (const alternative of text.split(/ or |\|\|/)) {
    const comparators: Comparator[] = [];
    for (const phrase of alternative.split(/ and |,/)) {
      const word = phrase.trim();
      const part = word.startsWith('~>') ? expandPessimistic(word.slice(2)) : parseComparator(word);
      if (part === undefined) return undefined;
      comparators.push(...(Array.isArray(part) ? part : [part]));
    }
    alternatives.push(comparators);
  }
  return alternatives;
}

/** `~> 2.1.2` ends before 2.2.0, `~> 2.1` before 3.0.0. */
function expandPessimistic(text: string): Comparator[] | undefined {
  const partial = parsePartial(text);
  if (partial?.major === undefined || partial.minor === undefined) return undefined;
  const { major, minor, patch, prerelease } = partial;
  const end = patch === undefined ? `${nextNumber(major)}.0.0-0` : `${major}.${nextNumber(minor)}.0-0`;
  return [
    { operator: '>=', version: `${major}.${minor}.${patch ?? 0}${prerelease}` },
    { operator: '<', version: end },
  ];
}

export const hex = semverFamilyOrder({
  id: 'hex',
  ecosystems: ['Hex'],
  parseConstraint,
  prereleases: 'ordinary',
  advisories: 'plain-syntax-first',
});
