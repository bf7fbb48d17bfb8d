// SPDX-License-Identifier: Apache-2.0
// Go modules (golang.org/x/mod/semver) and releases of the toolchain (`go1.20rc2` is v1.20.0-rc.2 in the Go vulnerability database).
import { parseConstraint } from '../version-text/constraint.ts';
import { remember } from '../version-text/memo.ts';
import { semverFamilyOrder } from '../version-text/semver-family.ts';
import { isStrictSemver, parseSemver, type SemverText } from '../version-text/semver-text.ts';

/** The stage of a toolchain release has no hyphen before it and no dot before its number. */
const stageOfToolchain = /^(?:go)?(\d{1,9}(?:\.\d{1,9}){0,2})(rc|beta)(\d{1,9})(?=$|[\s-])/;

/** `go1.21.3 X:boringcrypto`, `go1.21.3-vendor`: what follows the blank or hyphen names a build, not a prerelease. */
const parseVersion = remember((version: string): SemverText => {
  const text = version.trim();
  const stage = stageOfToolchain.exec(text);
  if (stage !== null) return parseSemver(`${stage[1]}-${stage[2]}.${stage[3]}`);
  if (!/^go\d/.test(text)) return parseSemver(text);
  const end = text.search(/[\s-]/);
  return parseSemver(end === -1 ? text.slice(2) : text.slice(2, end));
});

export const golang = semverFamilyOrder({
  id: 'golang',
  ecosystems: ['Go'],
  parseConstraint,
  prereleases: 'ordinary',
  advisories: 'plain-syntax-first',
  parseVersion,
  isValid: (version) => isStrictSemver(version) || /^(?:go|v)?\d{1,9}\.\d{1,9}/.test(version),
});
