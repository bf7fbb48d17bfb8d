// SPDX-License-Identifier: Apache-2.0
// Bitnami: an upstream version and the revision of Bitnami's build, `1.2.3-4`: newer than 1.2.3, unlike a semver prerelease.
import { holdsConstraint } from '../version-text/constraint.ts';
import { type Count, compareCounts, countOf, isDigits } from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import { compareSemver, parseSemver, type SemverText } from '../version-text/semver-text.ts';
import { defineVersionOrder } from './order.ts';

interface BitnamiVersion {
  readonly upstream: SemverText;
  readonly revision: Count | undefined;
}

const parse = remember((version: string): BitnamiVersion => {
  const text = version.trim();
  const hyphen = text.lastIndexOf('-');
  const revision = hyphen === -1 ? '' : text.slice(hyphen + 1);
  if (!isDigits(revision)) return { upstream: parseSemver(text), revision: undefined };
  return { upstream: parseSemver(text.slice(0, hyphen)), revision: countOf(revision) };
});

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  return compareSemver(left.upstream, right.upstream) || compareCounts(left.revision ?? 0, right.revision ?? 0);
}

/** A bound without revision means all revisions of that version. */
function compareToBound(installed: string, bound: string): number {
  const right = parse(bound);
  return right.revision === undefined
    ? compareSemver(parse(installed).upstream, right.upstream)
    : compare(installed, bound);
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compareToBound(version, bound));
}

export const bitnami = defineVersionOrder({
  id: 'bitnami',
  ecosystems: ['Bitnami'],
  compare,
  compareToBound,
  isValid: (version) => parse(version).upstream.numbers.length > 0,
  satisfies,
  affects: satisfies,
});
