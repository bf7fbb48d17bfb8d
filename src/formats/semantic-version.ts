// SPDX-License-Identifier: Apache-2.0
// Versions of semver.org 2.0.0 and the ranges over them that blang/semver has, which Kyverno's policies are written for
// (`>=1.2.x <2.0.0 || !3.1.0`). Not here: the orders of package ecosystems (advisories/versions).

export interface SemanticVersion {
  readonly core: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly string[];
}

const number = '(0|[1-9][0-9]{0,18})';
const form = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-([0-9A-Za-z.-]{1,256}))?(?:\\+([0-9A-Za-z.-]{1,256}))?$`,
);

/** A version as semver.org writes it; undefined for anything else (`v1.2.3` and `1.2` are none). */
export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', pre, meta] = match;
  const prerelease = pre?.split('.') ?? [];
  if (prerelease.some((part) => part === '' || /^0[0-9]+$/.test(part))) return undefined;
  if (meta?.split('.').includes('') === true) return undefined;
  return { core: [BigInt(major), BigInt(minor), BigInt(patch)], prerelease };
}

/** Less than 0, 0 or more than 0 (semver.org section 11). */
export function compareSemanticVersions(left: SemanticVersion, right: SemanticVersion): number {
  for (const [index, part] of left.core.entries()) {
    const other = right.core[index] ?? 0n;
    if (part !== other) return part < other ? -1 : 1;
  }
  if (left.prerelease.length === 0 || right.prerelease.length === 0)
    return Math.sign(right.prerelease.length - left.prerelease.length);
  for (const [index, part] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(part, other);
    if (order !== 0) return order;
  }
  return left.prerelease.length < right.prerelease.length ? -1 : 0;
}

function compareIdentifiers(left: string, right: string): number {
  const isNumber = /^[0-9]+$/.test(left);
  if (isNumber !== /^[0-9]+$/.test(right)) return isNumber ? -1 : 1;
  if (isNumber && left.length !== right.length) return left.length < right.length ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type VersionRange = (version: SemanticVersion) => boolean;

const longestRange = 1_000;
const operators: Readonly<Record<string, Operator>> = {
  '': '==',
  '=': '==',
  '==': '==',
  '!': '!=',
  '!=': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};

/** A range: comparators beside each other must all hold, `||` separates alternatives. Undefined when it cannot be read. */
export function parseVersionRange(text: string): VersionRange | undefined {
  if (text.length > longestRange) return undefined;
  const alternatives = text.split('||').map((part) => parseAlternative(part));
  const known = alternatives.filter((range) => range !== undefined);
  if (known.length !== alternatives.length) return undefined;
  return (version) => known.some((range) => range(version));
}

const comparator = /^([<>=!]*)\s*([0-9][0-9A-Za-z.+-]*)$/;

function parseAlternative(text: string): VersionRange | undefined {
  // An operator may stand apart from its version.
  const parts = text
    .trim()
    .replaceAll(/([<>=!])\s+/g, '$1')
    .split(/\s+/);
  const tests: VersionRange[] = [];
  for (const part of parts) {
    const [, written, version = ''] = comparator.exec(part) ?? [];
    const operator = written === undefined ? undefined : operators[written];
    if (operator === undefined) return undefined;
    const expanded = version.includes('x') ? expandWildcard(operator, version) : [comparison(operator, version)];
    for (const test of expanded) {
      if (test === undefined) return undefined;
      tests.push(test);
    }
  }
  return (version) => tests.every((test) => test(version));
}

function comparison(operator: Operator, text: string): VersionRange | undefined {
  const bound = parseSemanticVersion(text);
  if (bound === undefined) return undefined;
  switch (operator) {
    case '<':
      return (version) => compareSemanticVersions(version, bound) < 0;
    case '<=':
      return (version) => compareSemanticVersions(version, bound) <= 0;
    case '>':
      return (version) => compareSemanticVersions(version, bound) > 0;
    case '>=':
      return (version) => compareSemanticVersions(version, bound) >= 0;
    case '==':
      return (version) => compareSemanticVersions(version, bound) === 0;
    default:
      return (version) => compareSemanticVersions(version, bound) !== 0;
  }
}

/** `1.2.x` is from 1.2.0 to before 1.3.0; `1.x` and `1.x.x` are from 1.0.0 to before 2.0.0 (blang/semver range.go, expandWildcardVersion). */
function expandWildcard(operator: Operator, text: string): (VersionRange | undefined)[] {
  const [major = '', minor, patch] = text.split('.');
  const isMinor = minor === 'x';
  if (!isMinor && patch !== 'x') return [undefined];
  const first = isMinor ? `${major}.0.0` : `${major}.${minor ?? ''}.0`;
  const next = isMinor ? `${Number(major) + 1}.0.0` : `${major}.${Number(minor) + 1}.0`;
  switch (operator) {
    case '>':
      return [comparison('>=', next)];
    case '>=':
      return [comparison('>=', first)];
    case '<':
      return [comparison('<', first)];
    case '<=':
      return [comparison('<', next)];
    case '==':
      return [comparison('>=', first), comparison('<', next)];
    default:
      // Both must hold, so that nothing fits: matches blang/semver, which joins the two halves of `!1.x` by "and".
      return [comparison('<', first), comparison('>=', next)];
  }
}
