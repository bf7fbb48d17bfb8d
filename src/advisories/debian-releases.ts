// SPDX-License-Identifier: Apache-2.0
// Debian's release codenames and their numbers, for feeds that know only the names.

const numbers: ReadonlyMap<string, string> = new Map([
  ['woody', '3.0'],
  ['sarge', '3.1'],
  ['etch', '4.0'],
  ['lenny', '5.0'],
  ['squeeze', '6.0'],
  ['wheezy', '7'],
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
]);

/** `Debian:12` for `bookworm`, `bookworm-security` and `bookworm-lts`; undefined for unstable and for what is no release. */
export function debianRelease(codename: string): string | undefined {
  const name = codename
    .trim()
    .toLowerCase()
    .replace(/-(?:security|updates|proposed-updates|lts|backports)$/, '');
  const number = numbers.get(name);
  return number === undefined ? undefined : `Debian:${number}`;
}
