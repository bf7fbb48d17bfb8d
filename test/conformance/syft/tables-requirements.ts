// SPDX-License-Identifier: Apache-2.0
// Rows that state what one package provides and requires. The package is written into a database together with a package for each name
// it requires, and one that requires each name it provides: the edges must be those.

import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { catalogTexts, packagesIn } from './tables-python.ts';

interface Entry {
  readonly name: string;
  readonly provides: readonly string[];
  readonly requires: readonly string[];
}

interface Database {
  readonly cataloger: string;
  /** Fields of Syft's metadata. */
  readonly provides: string;
  readonly requires: string;
  readonly write: (entries: readonly Entry[]) => Readonly<Record<string, string>>;
}

function checkSpecification({ cataloger, provides, requires, write }: Database): TableChecks[string] {
  return (row: Row): CaseResult => {
    const item = asObject(row['p']);
    const metadata: JsonObject = asObject(item?.['Metadata']) ?? {};
    const stated = asObject(asObject(row['want'])?.['ProvidesRequires']);
    const wanted = { provides: asStrings(stated?.['Provides']), requires: asStrings(stated?.['Requires']) };
    const name = asString(item?.['Name']) ?? '';
    const own = { name, provides: asStrings(metadata[provides]), requires: asStrings(metadata[requires]) };
    const needed = wanted.requires.map((text, index) => ({ name: `needed${index}`, provides: [text], requires: [] }));
    const users = wanted.provides.map((text, index) => ({ name: `user${index}`, provides: [], requires: [text] }));
    const isOther = stated === undefined;

    const packages = packagesIn(catalogTexts([cataloger], write(isOther ? [] : [own, ...needed, ...users])));

    // Where a package can only provide its own name, that is what stands for what is needed.
    const standIn = (found: string): string => needed.find((entry) => entry.provides[0] === found)?.name ?? found;
    const names = new Map(packages.map((found) => [found.id, standIn(found.name)]));
    const edgesOf = (of: string): readonly string[] =>
      packages
        .filter((found) => found.name === of)
        .flatMap((found) => found.dependsOn.map((id) => names.get(id) ?? id));
    return expectEqual(
      [needed.map((entry) => entry.name), users.map(() => [name])],
      [edgesOf(name).toSorted(), users.map((entry) => edgesOf(entry.name))],
    );
  };
}

const debian = checkSpecification({
  cataloger: 'dpkg-status',
  provides: 'Provides',
  requires: 'Depends',
  write: (entries) => ({
    'var/lib/dpkg/status.d/x': entries
      .map(
        (entry) =>
          `Package: ${entry.name}\nVersion: 1\nProvides: ${entry.provides.join(', ')}\nDepends: ${entry.requires.join(', ')}\n`,
      )
      .join('\n'),
  }),
});

const alpine = checkSpecification({
  cataloger: 'apk-installed',
  provides: 'Provides',
  requires: 'Dependencies',
  write: (entries) => ({
    'lib/apk/db/installed': entries
      .map((entry) => `P:${entry.name}\nV:1\np:${entry.provides.join(' ')}\nD:${entry.requires.join(' ')}\n`)
      .join('\n'),
  }),
});

const arch = checkSpecification({
  cataloger: 'pacman-local',
  provides: 'Provides',
  requires: 'Depends',
  write: (entries) =>
    Object.fromEntries(
      entries.map((entry) => [
        `var/lib/pacman/local/${entry.name}/desc`,
        `%NAME%\n${entry.name}\n\n%VERSION%\n1\n\n%PROVIDES%\n${entry.provides.join('\n')}\n\n%DEPENDS%\n${entry.requires.join('\n')}\n`,
      ]),
    ),
});

/** Names of Elixir packages are what others require; a package of another kind has no line in the file. */
const elixir = checkSpecification({
  cataloger: 'mix-lock',
  provides: 'Name',
  requires: 'Dependencies',
  write: (entries) => ({
    'mix.lock': `%{\n${entries
      .map((entry) => {
        const name = entry.provides[0] ?? entry.name;
        const needs = entry.requires.map((need) => `{:${need}, "~> 1.0", [hex: :${need}, optional: false]}`);
        return `  "${name}": {:hex, :${name}, "1.0.0", "ab", [:mix], [${needs.join(', ')}], "hexpm", "cd"},`;
      })
      .join('\n')}\n}\n`,
  }),
});

/** Only what is named without version and architecture leads to the package of that name; alternatives lead to each. */
function debianRequirement(row: Row): CaseResult {
  const names = (asString(row['want']) ?? '').split(' | ');
  const others = names.map((name) => `Package: ${name}\nVersion: 1\n`);
  const text = `Package: a\nVersion: 1\nDepends: ${asString(row['input']) ?? ''}\n\n${others.join('\n')}`;
  const packages = packagesIn(catalogTexts(['dpkg-status'], { 'var/lib/dpkg/status.d/x': text }));
  return expectEqual(
    names.map((name) => `${name}@1`),
    packages.find((item) => item.name === 'a')?.dependsOn,
  );
}

/** Releases that the addresses name, one for each line; ours is the newest of them. */
function alpineRepositories(row: Row): CaseResult {
  const files = { 'etc/apk/repositories': asString(row['repos']) ?? '', 'lib/apk/db/installed': 'P:a\nV:1\n' };
  const [list] = catalogTexts(['apk-installed'], files).lists;
  const wanted = asArray(row['want']).map((item) => [asObject(item)?.['ID'], asObject(item)?.['VersionID']]);
  const found = list?.distribution;
  return expectEqual(wanted[0], found === undefined ? undefined : [found.id, found.versionId]);
}

export const requirementTables: TableChecks = {
  'debian/dependency#Test_dbEntryDependencySpecifier': debian,
  'debian/dependency#Test_stripVersionSpecifier': debianRequirement,
  'alpine/dependency#Test_dbEntryDependencySpecifier': alpine,
  'alpine/parse_apk_db#TestParseReleasesFromAPKRepository': alpineRepositories,
  'arch/dependency#Test_dbEntryDependencySpecifier': arch,
  'elixir/dependency#Test_mixLockDependencySpecifier': elixir,
};
