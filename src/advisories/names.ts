// SPDX-License-Identifier: Apache-2.0
// Package names in the form in which an ecosystem compares them: the key under which advisories are kept and looked up.

type Normaliser = (name: string) => string;

function lowerCase(name: string): string {
  return name.toLowerCase();
}

/** PEP 503: runs of `-`, `_` and `.` are one hyphen, case does not count. */
function python(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** `group:artifact`; blanks around the colon come from hand-written advisories. */
function maven(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : `${name.slice(0, colon).trim()}:${name.slice(colon + 1).trim()}`;
}

/** Repository URL without scheme, user, `.git` and closing slash: `github.com/apple/swift-nio`. */
function swift(name: string): string {
  const withoutScheme = name
    .toLowerCase()
    .replace(/^[a-z+]{2,12}:\/\//, '')
    .replace(/^[^/@]{1,64}@/, '')
    .replace(/^([^/:]{1,253}):(?!\d)/, '$1/');
  return withoutScheme.replace(/\/$/, '').replace(/\.git$/, '');
}

/** A path is case-sensitive; a closing slash is a slip of the pen. */
function golang(name: string): string {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

/** `owner/repository`: GitHub compares both without case; a path inside the repository belongs to the same advisory. */
function githubActions(name: string): string {
  return name.toLowerCase().split('/').slice(0, 2).join('/');
}

const normalisers: ReadonlyMap<string, Normaliser> = new Map<string, Normaliser>([
  ['pypi', python],
  ['nuget', lowerCase],
  ['packagist', lowerCase],
  ['github actions', githubActions],
  ['maven', maven],
  ['swifturl', swift],
  ['go', golang],
  ['bitnami', lowerCase],
  ['conancenter', lowerCase],
  ['vscode', lowerCase],
  ['hex', lowerCase],
  ['pub', lowerCase],
]);

/**
 * The name as the OSV ecosystem (with or without `:release`; `Seal:PyPI` is PyPI) compares it. Ecosystems that are not listed
 * compare names as they are: npm too, where `JSONStream` and `jsonstream` are two packages from the time before names had to be
 * lower case.
 */
export function normaliseName(ecosystem: string, name: string): string {
  return normaliserOf(ecosystem)(name.trim());
}

function normaliserOf(ecosystem: string): Normaliser {
  const colon = ecosystem.indexOf(':');
  const known = normalisers.get((colon === -1 ? ecosystem : ecosystem.slice(0, colon)).toLowerCase());
  if (known !== undefined) return known;
  return colon === -1 ? asIs : normaliserOf(ecosystem.slice(colon + 1));
}

function asIs(name: string): string {
  return name;
}
