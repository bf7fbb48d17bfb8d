// SPDX-License-Identifier: Apache-2.0
// Java runtimes: `1.8.0_131-b11` (before JEP 223) and `8.0.131+11` are one version; builds do not count, `-ea` is a prerelease.
import { holdsConstraint } from '../version-text/constraint.ts';
import { remember } from '../version-text/memo.ts';
import { compareSemver, parseSemver } from '../version-text/semver-text.ts';
import { defineVersionOrder } from './order.ts';

/** `1.8.0_131-ea-b11` */
const legacy =
  /^1\.(\d{1,4})(?:\.(\d{1,4}))?(?:_0{0,9}(\d{1,9}))?(?:-(?!b\d)([0-9A-Za-z]{1,32}))?(?:-b0{0,9}(\d{1,9}))?$/;
/** `8.0-update302-b08` */
const update = /^(\d{1,4})\.(\d{1,4})(?:\.\d{1,4})?-update_?0{0,9}(\d{1,9})(?:-b0{0,9}(\d{1,9}))?$/;

/** `8u302-b08` */
const short = /^(\d{1,4})u0{0,9}(\d{1,9})(?:-b0{0,9}(\d{1,9}))?$/;

/** The form of JEP 223 as semver: `8.0.131-ea+11`. Other texts come back unchanged. */
export function modernJavaVersion(version: string): string {
  const text = version.trim();
  const updated = update.exec(text.replace(/^1\.(?=\d)/, ''));
  if (updated !== null) return joined(`${updated[1]}.${updated[2]}.${updated[3]}`, undefined, updated[4]);
  const abbreviated = short.exec(text);
  if (abbreviated !== null) return joined(`${abbreviated[1]}.0.${abbreviated[2]}`, undefined, abbreviated[3]);
  const old = legacy.exec(text);
  if (old === null) return text;
  return joined(`${old[1]}.${old[2] ?? 0}.${old[3] ?? 0}`, old[4], old[5]);
}

function joined(core: string, prerelease: string | undefined, build: string | undefined): string {
  return `${core}${prerelease === undefined ? '' : `-${prerelease}`}${build === undefined ? '' : `+${build}`}`;
}

const parse = remember((version: string) => parseSemver(modernJavaVersion(version)));

function compare(a: string, b: string): number {
  return compareSemver(parse(a), parse(b));
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound));
}

export const jvm = defineVersionOrder({
  id: 'jvm',
  ecosystems: [],
  compare,
  isValid: (version) => /^\d{1,9}(?:\.\d{1,9}){0,8}(?:[-_+][0-9A-Za-z._+-]{1,256})?$/.test(version.trim()),
  satisfies,
  affects: satisfies,
});
