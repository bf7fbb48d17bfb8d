// SPDX-License-Identifier: Apache-2.0
// poetry.lock of Poetry 1 and 2. The pyproject.toml beside it tells what the project asks for itself, and in which group.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { markerExtra } from '../../formats/pep508.ts';
import { cutOffProblem, decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { PyprojectNeed } from '../package-facts/pyproject.ts';
import { readPyproject } from '../package-facts/pyproject.ts';
import { digestsOf, normalizePythonName, pythonPackage } from '../package-facts/python.ts';
import type { LockedNeed } from '../package-facts/python-lock.ts';
import { PythonLockIndex } from '../package-facts/python-lock.ts';
import { strongerScope, withReach } from '../package-facts/reach.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const poetryLock = defineCataloger({
  id: 'poetry-lock',
  title: 'poetry.lock',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/poetry.lock'],
  companions: ['**/pyproject.toml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: [
      'which extras are installed: packages behind one are listed',
      'direct dependencies without a pyproject.toml beside the lock file',
    ],
  },
  parse: parsePoetryLock,
});

interface Need extends LockedNeed {
  /** The need exists only with this extra of the asking package. */
  readonly extra: string | undefined;
  /** Extras that the asking package wants of the other one. */
  readonly extras: readonly string[];
}

interface Entry {
  readonly item: Package;
  readonly needs: readonly Need[];
  /** The lock file itself says what the package is for (Poetry 1.0-1.4 and 2). */
  readonly isScoped: boolean;
}

function parsePoetryLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const files = asObject(asObject(document.value?.['metadata'])?.['files']);
  const spans = document.headerSpans('package');
  const entries: Entry[] = [];
  for (const [index, value] of asArray(document.value?.['package']).entries()) {
    const location = { path: file.path, ...spans[index] };
    const entry = readEntry(asObject(value), files, location);
    if (entry !== undefined) entries.push(entry);
    else problems.push({ kind: 'schema', message: 'a package without name or version', location, hidesFindings: true });
  }
  if (entries.length > 0 && document.value?.['metadata'] === undefined)
    problems.push(cutOffProblem(file.path, 'the table [metadata]'));
  const project = tree.get(`${file.path.slice(0, -'poetry.lock'.length)}pyproject.toml`);
  const needs = project === undefined ? undefined : readProject(project, problems);
  const packages = linked(entries, wantedExtras(entries, needs ?? []));
  return { packages: needs === undefined ? packages : withProject(packages, entries, needs), problems };
}

/** What the project asks for; undefined when the manifest cannot be read. */
function readProject(file: SourceFile, problems: Problem[]): readonly PyprojectNeed[] | undefined {
  const document = parseToml(decodeText(file.bytes, file.path).text, file.path);
  // The lock file holds every package, so that nothing is hidden when only the manifest is broken.
  problems.push(...document.problems.map((problem) => ({ ...problem, hidesFindings: false })));
  if (document.value === undefined) return undefined;
  return readPyproject(document.value).needs.filter((need) => need.scope !== 'build');
}

function readEntry(row: JsonObject | undefined, files: JsonObject | undefined, location: Location): Entry | undefined {
  const name = asString(row?.['name']);
  const version = asString(row?.['version']);
  if (row === undefined || name === undefined || version === undefined) return undefined;
  const groups = row['groups'] === undefined ? undefined : asStrings(row['groups']);
  const category = asString(row['category']);
  const hashes = [...asArray(row['files']), ...asArray(files?.[name])].map((item) =>
    asString(asObject(item)?.['hash']),
  );
  const facts = factsOf(row, groups ?? (category === undefined ? undefined : [category]));
  return {
    item: pythonPackage({
      name,
      version,
      scope: scopeOf(groups, category, row['optional'] === true),
      locations: [location],
      digests: digestsOf(hashes),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
    }),
    needs: needsOf(row['dependencies']),
    isScoped: groups !== undefined || category !== undefined,
  };
}

function scopeOf(groups: readonly string[] | undefined, category: string | undefined, isOptional: boolean): Scope {
  const isMain = groups === undefined ? category === undefined || category === 'main' : groups.includes('main');
  if (!isMain) return 'development';
  return isOptional ? 'optional' : 'runtime';
}

function factsOf(row: JsonObject, groups: readonly string[] | undefined): PackageFacts {
  const description = asString(row['description']);
  const source = asObject(row['source']);
  const url = asString(source?.['url']);
  const commit = asString(source?.['resolved_reference']);
  const isGit = source?.['type'] === 'git';
  const isArchive = source?.['type'] === 'url' || source?.['type'] === 'file';
  const named = groups?.filter((group) => group !== 'main') ?? [];
  return {
    ...(description === undefined || description === '' ? {} : { description }),
    ...(isGit && url !== undefined ? { repository: url } : {}),
    ...(isGit && commit !== undefined ? { commit } : {}),
    ...(isArchive && url !== undefined ? { downloadUrl: url } : {}),
    ...(named.length === 0 ? {} : { groups: named }),
    ...(isGit || isArchive || url === undefined ? {} : { other: { index: url } }),
  };
}

/** Values: a constraint, a table with `version`, or a list of such tables that differ by marker. */
function needsOf(table: unknown): readonly Need[] {
  return entriesOf(table).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => {
      const row = asObject(item);
      return {
        name,
        constraint: asString(item) ?? asString(row?.['version']),
        extra: markerExtra(asString(row?.['markers']) ?? ''),
        extras: asStrings(row?.['extras']),
      };
    }),
  );
}

/** `name[extra]` of every extra that the project or a locked package asks for. */
function wantedExtras(entries: readonly Entry[], needs: readonly PyprojectNeed[]): ReadonlySet<string> {
  const wanted = new Set<string>();
  const want = (name: string, extras: readonly string[]): void => {
    for (const extra of extras) wanted.add(`${normalizePythonName(name)}[${normalizePythonName(extra)}]`);
  };
  for (const { requirement } of needs) want(requirement.name, requirement.extras);
  for (const entry of entries) for (const need of entry.needs) want(need.name, need.extras);
  return wanted;
}

function linked(entries: readonly Entry[], wanted: ReadonlySet<string>): readonly Package[] {
  const packages = withUniqueIds(entries.map((entry) => entry.item));
  const index = new PythonLockIndex(packages);
  return packages.map((item, at) => {
    const applies = ({ extra }: Need): boolean =>
      extra === undefined || wanted.has(`${normalizePythonName(item.name)}[${normalizePythonName(extra)}]`);
    return { ...item, dependsOn: index.idsOfAll((entries[at]?.needs ?? []).filter(applies)) };
  });
}

/** Relationship comes from the manifest; scope too, unless the lock file states it. */
function withProject(
  packages: readonly Package[],
  entries: readonly Entry[],
  needs: readonly PyprojectNeed[],
): readonly Package[] {
  const index = new PythonLockIndex(packages);
  const direct = new Map<string, Scope>();
  for (const { requirement, scope } of needs) {
    for (const id of index.idsOf({ name: requirement.name, constraint: requirement.specifier })) {
      direct.set(id, strongerScope(scope, direct.get(id) ?? scope));
    }
  }
  return withReach(packages, direct).map((item, at) => ({
    ...item,
    scope: entries[at]?.isScoped === true ? (packages[at]?.scope ?? item.scope) : item.scope,
    relationship: direct.has(item.id) ? 'direct' : 'indirect',
  }));
}
