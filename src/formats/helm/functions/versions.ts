// SPDX-License-Identifier: Apache-2.0
// semver and semverCompare: versions and constraints of Masterminds/semver 3. Beside `>=1.19-0` there are `~1.2`, `^1.2.3`, `1.x`, `1.2 - 2.3`; commas and blanks
// mean and, `||` means or.
import type { SemanticVersion } from '../../semantic-version.ts';
import { compareSemanticVersions, parseSemanticVersion } from '../../semantic-version.ts';
import { HelmObject, HelmRefusal } from '../value.ts';
import type { Functions } from './arguments.ts';
import { text } from './arguments.ts';

/** A version as Masterminds reads it: with `v` before it, and with parts that are left out. */
function looseVersion(value: string): SemanticVersion | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?$/.exec(value);
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', rest = ''] = match;
  return parseSemanticVersion(`${major}.${minor}.${patch}${rest}`);
}

function versionOf(value: string): SemanticVersion {
  const version = looseVersion(value);
  if (version === undefined) throw new HelmRefusal('Invalid Semantic Version');
  return version;
}

interface Constraint {
  readonly test: (version: SemanticVersion) => boolean;
  readonly hasPrerelease: boolean;
}

const part = '[0-9xX*]+';
const written = `v?(${part})(?:\\.(${part}))?(?:\\.(${part}))?(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?`;
const oneConstraint = new RegExp(`^(=|!=|>|<|>=|=>|<=|=<|~|~>|\\^|)\\s*${written}$`);

/** Bounds of what is written: from `low`, and up to `high` where parts are left open. */
function constraintOf(source: string): Constraint | undefined {
  const match = oneConstraint.exec(source);
  if (match === null) return undefined;
  const [, operator = '', ...rest] = match;
  const [major, minor, patch, prerelease] = rest;
  const isOpen = (value: string | undefined): boolean => value === undefined || /^[xX*]+$/.test(value);
  const given = [major, minor, patch].findIndex(isOpen);
  const count = given === -1 ? 3 : given;
  const [a, b, c] = [major, minor, patch].map((value, index) => (index < count ? BigInt(value ?? '0') : 0n));
  const core = [a ?? 0n, b ?? 0n, c ?? 0n] as const;
  const low: SemanticVersion = { core, prerelease: prerelease?.split('.') ?? [] };
  const above = (places: number): SemanticVersion => ({ core: raised(core, places), prerelease: [] });
  const isFrom = (version: SemanticVersion, bound: SemanticVersion): boolean =>
    compareSemanticVersions(version, bound) >= 0;
  const isBelow = (version: SemanticVersion, places: number): boolean =>
    places === 0 || compareSemanticVersions({ ...version, prerelease: [] }, above(places)) < 0;
  const isIn = (version: SemanticVersion, places: number): boolean => isFrom(version, low) && isBelow(version, places);
  const tests: Readonly<Record<string, (version: SemanticVersion) => boolean>> = {
    '': (version) => (count === 3 ? compareSemanticVersions(version, low) === 0 : isIn(version, count)),
    '!=': (version) => (count === 3 ? compareSemanticVersions(version, low) !== 0 : !isIn(version, count)),
    '>': (version) => (count === 3 ? compareSemanticVersions(version, low) > 0 : count > 0 && !isBelow(version, count)),
    '<': (version) => compareSemanticVersions(version, low) < 0,
    '>=': (version) => isFrom(version, low),
    '<=': (version) => (count === 3 ? compareSemanticVersions(version, low) <= 0 : isBelow(version, count)),
    '~': (version) => isIn(version, Math.min(count, 2)),
    '^': (version) => isIn(version, caretPlaces(core, count)),
  };
  const name = { '=': '', '=>': '>=', '=<': '<=', '~>': '~' }[operator] ?? operator;
  const test = tests[name];
  return test === undefined ? undefined : { test, hasPrerelease: prerelease !== undefined };
}

/** The version behind all that begin with the first `places` parts. */
function raised(core: SemanticVersion['core'], places: number): SemanticVersion['core'] {
  const [major, minor, patch] = core;
  if (places === 1) return [major + 1n, 0n, 0n];
  return places === 2 ? [major, minor + 1n, 0n] : [major, minor, patch + 1n];
}

/** `^` keeps the first part that is not 0. */
function caretPlaces([major, minor]: SemanticVersion['core'], count: number): number {
  if (count === 0) return 0;
  if (major > 0n || count === 1) return 1;
  return minor > 0n || count === 2 ? 2 : 3;
}

function isWithin(constraint: string, version: SemanticVersion): boolean {
  const ranges = constraint.replace(new RegExp(`\\s*(${written})\\s+-\\s+(${written})\\s*`, 'g'), (all) =>
    all.replace(/^\s*(\S+)\s+-\s+(\S+)\s*$/, '>=$1 <=$2'),
  );
  const groups = ranges.split('||').map((group) => {
    const parts = group
      .trim()
      .replace(/([=!<>~^])\s+/g, '$1')
      .split(/[\s,]+/)
      .filter((item) => item !== '')
      .map(constraintOf);
    if (parts.length === 0 || parts.includes(undefined)) throw new HelmRefusal(`improper constraint: ${constraint}`);
    return parts.filter((item) => item !== undefined);
  });
  return groups.some((group) => {
    const takesPrereleases = group.some(({ hasPrerelease }) => hasPrerelease);
    if (version.prerelease.length > 0 && !takesPrereleases) return false;
    return group.every(({ test }) => test(version));
  });
}

/** Whether a version that a dependency of a chart names fits; constraints that cannot be read fit nothing. */
export function fitsConstraint(constraint: string, version: string): boolean {
  const found = looseVersion(version);
  if (found === undefined) return false;
  try {
    return isWithin(constraint, found);
  } catch (error) {
    if (error instanceof HelmRefusal) return false;
    throw error;
  }
}

export const versionFunctions: Functions = {
  semverCompare: ([constraint, version]) => isWithin(text(constraint), versionOf(text(version))),
  semver: ([value]) => {
    const source = text(value);
    const { core, prerelease } = versionOf(source);
    const [major, minor, patch] = core;
    const metadata = /\+(.*)$/.exec(source)?.[1] ?? '';
    const pre = prerelease.join('.');
    const whole = `${core.join('.')}${pre === '' ? '' : `-${pre}`}${metadata === '' ? '' : `+${metadata}`}`;
    const methods = {
      Major: () => major,
      Minor: () => minor,
      Patch: () => patch,
      Prerelease: () => pre,
      Metadata: () => metadata,
      Original: () => source,
      String: () => whole,
    };
    return new HelmObject({}, methods);
  },
};
