// SPDX-License-Identifier: Apache-2.0
// A version for Python requirements that are not pinned, where the user asks for a guess: the highest version that the constraint names and admits
// (matches Syft's guess-unpinned-requirements).
import { pep440 } from '../../advisories/versions/pep440.ts';
import { parseSpecifier } from '../../formats/pep508.ts';
import type { Package, PackageList } from '../../model/package.ts';
import { pythonPurl } from './python.ts';

/** Undefined when the constraint names no version that it admits: `!=1.1`, `<2`. */
export function guessPythonVersion(specifier: string): string | undefined {
  const named = (parseSpecifier(specifier) ?? []).map(({ version }) => normalized(version.replace(/\*$/, '0')));
  return named
    .filter((version) => pep440.isValid(version) && pep440.satisfies(version, specifier) === true)
    .sort((a, b) => pep440.compare(b, a))[0];
}

/** Gives guessed versions to unpinned Python packages; each says so in the fact `guessedFrom`. */
export function withGuessedVersions(list: PackageList): PackageList {
  return { ...list, packages: list.packages.map(withGuess) };
}

function withGuess(item: Package): Package {
  if (item.type !== 'pypi' || item.version !== '' || item.constraint === undefined) return item;
  const version = guessPythonVersion(item.constraint);
  if (version === undefined) return item;
  const purl = pythonPurl(item.name, version);
  const other = { ...item.facts?.other, guessedFrom: item.constraint };
  return { ...item, version, ...(purl === undefined ? {} : { purl }), facts: { ...item.facts, other } };
}

/** `1.3a` means `1.3a0` (PEP 440, implicit pre-release number). */
function normalized(version: string): string {
  return /(?:a|b|c|rc|alpha|beta|pre|preview)$/i.test(version) ? `${version}0` : version;
}
