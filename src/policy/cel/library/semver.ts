// SPDX-License-Identifier: Apache-2.0
// The semver library (apiserver pkg/cel/library/semverlib.go, Kubernetes 1.33): versions of semver.org 2.0.0, strict or normalised.

import type { SemanticVersion } from '../../../formats/semantic-version.ts';
import { compareSemanticVersions, parseSemanticVersion } from '../../../formats/semantic-version.ts';
import type { CelLibrary, Overload } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import type { CelType } from '../types.ts';
import { boolType, intType, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelError, CelOpaque, normalInt, textOf } from '../values.ts';
import { opaqueKind } from './opaque.ts';

export class CelSemver extends CelOpaque implements SemanticVersion {
  readonly typeName = 'kubernetes.Semver';
  readonly core: SemanticVersion['core'];
  readonly prerelease: readonly string[];

  constructor({ core, prerelease }: SemanticVersion) {
    super();
    this.core = core;
    this.prerelease = prerelease;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelSemver && compareSemanticVersions(this, other) === 0;
  }
}

export function parseSemver(text: string, reading: 'strict' | 'normalized' = 'strict'): CelSemver | CelError {
  const version = parseSemanticVersion(reading === 'normalized' ? normalize(text) : text);
  if (version !== undefined) return new CelSemver(version);
  return new CelError(
    text.split('.').length < 3 ? 'No Major.Minor.Patch elements found' : `cannot parse version: ${text.slice(0, 100)}`,
  );
}

/** Takes off a `v`, fills up missing numbers and takes leading zeros off those there are. */
function normalize(text: string): string {
  const bare = text.replace(/^v/, '');
  const at = bare.search(/[-+]/);
  const core = at === -1 ? bare : bare.slice(0, at);
  const numbers = core.split('.').map((part) => (/^[0-9]+$/.test(part) ? part.replace(/^0+(?=[0-9])/, '') : part));
  while (numbers.length < 3) numbers.push('0');
  return numbers.join('.') + (at === -1 ? '' : bare.slice(at));
}

const kind = opaqueKind<CelSemver>('kubernetes.Semver', (value): value is CelSemver => value instanceof CelSemver);

function reading(flag: CelValue): 'strict' | 'normalized' {
  return flag === true ? 'normalized' : 'strict';
}

function constructors(
  id: string,
  result: CelType,
  run: (text: string, flag: CelValue) => CelValue,
): readonly Overload[] {
  return [
    globalOverload(id, [[stringType], result], (text = '') => run(textOf(text), false)),
    globalOverload(`${id}_normalize`, [[stringType, boolType], result], (text = '', flag = false) =>
      run(textOf(text), flag),
    ),
  ];
}

function against(test: (order: number) => CelValue) {
  return (left: CelSemver, right: CelValue): CelValue =>
    right instanceof CelSemver ? test(compareSemanticVersions(left, right)) : new CelError('no such overload');
}

export const semverLibrary: CelLibrary = {
  name: 'semver',
  constants: kind.constant,
  functions: functionsOf({
    semver: constructors('string_to_semver', kind.type, (text, flag) => parseSemver(text, reading(flag))),
    isSemver: constructors(
      'is_semver_string',
      boolType,
      (text, flag) => parseSemver(text, reading(flag)) instanceof CelSemver,
    ),
    major: [kind.method('semver_major', intType, ({ core }) => normalInt(core[0] ?? 0n))],
    minor: [kind.method('semver_minor', intType, ({ core }) => normalInt(core[1] ?? 0n))],
    patch: [kind.method('semver_patch', intType, ({ core }) => normalInt(core[2] ?? 0n))],
    isLessThan: [
      kind.method1(
        'semver_is_less_than',
        [kind.type, boolType],
        against((order) => order < 0),
      ),
    ],
    isGreaterThan: [
      kind.method1(
        'semver_is_greater_than',
        [kind.type, boolType],
        against((order) => order > 0),
      ),
    ],
    compareTo: [
      kind.method1(
        'semver_compare_to',
        [kind.type, intType],
        against((order) => order),
      ),
    ],
  }),
};
