// SPDX-License-Identifier: Apache-2.0
// Branch, tag, version and inputs of a build against what was asked for. Names are compared whole: `main` is not `main-2`, and a branch that is
// called v1.2.3 is no tag.
import type { JsonObject } from '../../formats/document.ts';
import type { ProvenanceExpectation } from './expectation.ts';
import type { Failure } from './failure.ts';
import { failure } from './failure.ts';
import { isTagOfVersion, isVersionTag } from './version-tag.ts';

/** Refs of a build as far as somebody trusted states them. */
export interface BuiltRef {
  /** `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string | undefined;
  /** For a tag: the branch it was made from. */
  readonly baseRef: string | undefined;
}

const heads = 'refs/heads/';
const tags = 'refs/tags/';

export function checkReference(built: BuiltRef, expectation: ProvenanceExpectation): Failure[] {
  return [
    ...checkBranch(built, expectation.branch),
    ...checkTag(built, expectation.tag),
    ...checkVersionedTag(built, expectation.versionedTag),
  ];
}

function checkBranch({ ref, baseRef }: BuiltRef, branch: string | undefined): Failure[] {
  if (branch === undefined) return [];
  const expected = `${heads}${branch}`;
  const from = ref?.startsWith(tags) === true ? baseRef : ref;
  if (from?.startsWith(heads) !== true)
    return [failure('REF_KIND', 'the build is of no known branch', { expected, actual: ref ?? 'nothing stated' })];
  return from === expected ? [] : [failure('BRANCH_MISMATCH', 'another branch was built', { expected, actual: from })];
}

function checkTag({ ref }: BuiltRef, tag: string | undefined): Failure[] {
  if (tag === undefined) return [];
  const expected = `${tags}${tag}`;
  if (ref?.startsWith(tags) !== true) return [noTag(expected, ref)];
  return ref === expected ? [] : [failure('TAG_MISMATCH', 'another tag was built', { expected, actual: ref })];
}

function checkVersionedTag({ ref }: BuiltRef, version: string | undefined): Failure[] {
  if (version === undefined) return [];
  if (ref?.startsWith(tags) !== true) return [noTag(`a tag of the version ${version}`, ref)];
  const tag = ref.slice(tags.length);
  if (!isVersionTag(version) || !isVersionTag(tag))
    return [
      failure('VERSIONED_TAG_MISMATCH', 'not a version such as v1.2.3', {
        expected: version,
        actual: tag,
      }),
    ];
  return isTagOfVersion(tag, version)
    ? []
    : [failure('VERSIONED_TAG_MISMATCH', 'another version was built', { expected: version, actual: tag })];
}

function noTag(expected: string, ref: string | undefined): Failure {
  return failure('REF_KIND', 'the build is not of a tag', { expected, actual: ref ?? 'nothing stated' });
}

/** Inputs of `workflow_dispatch`; every one asked for must be there as a text, a number or a boolean of that spelling. */
export function checkInputs(
  inputs: JsonObject | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): Failure[] {
  return Object.entries(wanted ?? {}).flatMap(([name, expected]) => {
    const value = inputs !== undefined && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
    const actual = isPlain ? String(value) : 'no such input';
    return isPlain && actual === expected
      ? []
      : [failure('INPUT_MISMATCH', `the input ${name.slice(0, 100)} differs`, { expected, actual })];
  });
}
