// SPDX-License-Identifier: Apache-2.0
// Builds the version orders that share semver precedence and differ in their constraint syntax.
import type { VersionOrder } from '../versions/order.ts';
import { type Alternatives, type Comparator, holds, holdsConstraint } from './constraint.ts';
import { remember } from './memo.ts';
import { admitsPrerelease } from './semver-range.ts';
import { compareSemver, isStrictSemver, parseSemver, type SemverText } from './semver-text.ts';

export interface SemverFamily {
  readonly id: string;
  readonly ecosystems: readonly string[];
  /** The ecosystem's own constraint syntax; undefined when the text is not of it. */
  readonly parseConstraint: (text: string) => Alternatives | undefined;
  /** Whether the installer takes any prerelease in a range, or only where the range names one of the same version. */
  readonly prereleases: 'ordinary' | 'when-named';
  /** What an advisory's constraint is tried as first: `1.2` is a version in the plain syntax and a range in npm's own. */
  readonly advisories: 'own-syntax-first' | 'plain-syntax-first';
  /** Where versions are read differently from `parseSemver`. */
  readonly parseVersion?: (version: string) => SemverText;
  /** Where more than precedence decides. */
  readonly compareParsed?: (a: SemverText, b: SemverText) => number;
  readonly isValid?: (version: string) => boolean;
}

/** `>=0.0.0` says as little as `*`. */
function isNoLimit({ operator, version }: Comparator): boolean {
  return operator === '>=' && version === '0.0.0';
}

/** The order of one family member. */
export function semverFamilyOrder(member: SemverFamily): VersionOrder {
  const parseVersion = member.parseVersion ?? parseSemver;
  const compareParsed = member.compareParsed ?? compareSemver;
  const parseOwn = remember(member.parseConstraint);

  function compare(a: string, b: string): number {
    return compareParsed(parseVersion(a), parseVersion(b));
  }

  function satisfies(version: string, constraint: string): boolean | undefined {
    const alternatives = parseOwn(constraint);
    if (alternatives === undefined) return undefined;
    return holds(admitting(version, alternatives), (bound) => compare(version, bound));
  }

  /** An alternative that admits everything takes the others in, and their prereleases with them (node-semver, `Range`). */
  function admitting(version: string, alternatives: Alternatives): Alternatives {
    if (member.prereleases === 'ordinary') return alternatives;
    const all = alternatives.some((one) => one.every(isNoLimit)) ? [[]] : alternatives;
    return all.filter((one) => admitsPrerelease(version, one));
  }

  function affectsOwn(version: string, constraint: string): boolean | undefined {
    const alternatives = parseOwn(constraint);
    return alternatives === undefined ? undefined : holds(alternatives, (bound) => compare(version, bound));
  }

  function affectsPlain(version: string, constraint: string): boolean | undefined {
    return holdsConstraint(constraint, (bound) => compare(version, bound));
  }

  function affects(version: string, constraint: string): boolean | undefined {
    return member.advisories === 'own-syntax-first'
      ? (affectsOwn(version, constraint) ?? affectsPlain(version, constraint))
      : (affectsPlain(version, constraint) ?? affectsOwn(version, constraint));
  }

  return {
    id: member.id,
    ecosystems: member.ecosystems,
    compare,
    isValid: member.isValid ?? isStrictSemver,
    satisfies,
    affects,
  };
}
