// SPDX-License-Identifier: Apache-2.0
// Tags that are versions (semver.org with the `v` of Go): v14 stands for every v14.x.y, v14.2 for every v14.2.x. Missing parts of a tag that was
// built are zero, as slsa-verifier has it.

interface TagVersion {
  readonly numbers: readonly number[];
  readonly suffix: string;
}

const form =
  /^v(0|[1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8}))?(?:\.(0|[1-9]\d{0,8}))?(-[0-9A-Za-z.-]{1,100})?(?:\+[0-9A-Za-z.-]{1,100})?$/;

function parseTag(tag: string): TagVersion | undefined {
  const match = form.exec(tag);
  if (match === null) return undefined;
  const [, major, minor, patch, suffix = ''] = match;
  const numbers = [major, minor, patch].filter((part) => part !== undefined).map(Number);
  // A pre-release belongs to a whole version.
  return suffix !== '' && numbers.length < 3 ? undefined : { numbers, suffix };
}

/** Whether the tag is a version at all. */
export function isVersionTag(tag: string): boolean {
  return parseTag(tag) !== undefined;
}

/** Whether it is a whole version that was released: `v1.2.3`, not `v1.2`, `v1.2.3-rc.1` or `v1.2.3+build`. */
export function isReleaseTag(tag: string): boolean {
  return /^v(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}$/.test(tag);
}

/** Whether a tag is of the version that a shorter or equal tag names. */
export function isTagOfVersion(tag: string, wanted: string): boolean {
  const built = parseTag(tag);
  const asked = parseTag(wanted);
  if (built === undefined || asked === undefined || built.suffix !== asked.suffix) return false;
  return asked.numbers.every((number, index) => number === (built.numbers[index] ?? 0));
}
