// SPDX-License-Identifier: Apache-2.0
// pdm.lock, lock versions 2 to 4. A package with extras has an entry per set of extras; they are one package here.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { parseRequirement } from '../../formats/pep508.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { PyprojectNeed } from '../package-facts/pyproject.ts';
import { readPyproject } from '../package-facts/pyproject.ts';
import { digestsOf, normalizePythonName, pythonPackage } from '../package-facts/python.ts';
import type { LockedNeed } from '../package-facts/python-lock.ts';
import { PythonLockIndex, scopeOfGroup } from '../package-facts/python-lock.ts';
import { strongerScope } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pdmLock = defineCataloger({
  id: 'pdm-lock',
  title: 'pdm.lock',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/pdm.lock'],
  companions: ['**/pyproject.toml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['direct dependencies without a pyproject.toml beside the lock file'],
  },
  parse: parsePdmLock,
});

interface Entry {
  readonly name: string;
  readonly version: string;
  readonly row: JsonObject;
  readonly locations: Location[];
  readonly groups: Set<string>;
  readonly needs: LockedNeed[];
}

function parsePdmLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const files = asObject(asObject(document.value?.['metadata'])?.['files']);
  const spans = document.headerSpans('package');
  const entries = new Map<string, Entry>();
  for (const [index, value] of asArray(document.value?.['package']).entries()) {
    const location = { path: file.path, ...spans[index] };
    if (!addEntry(entries, asObject(value), location)) {
      problems.push({ kind: 'schema', message: 'a package without name or version', location, hidesFindings: true });
    }
  }
  const needs = readNeeds(tree.get(`${file.path.slice(0, -'pdm.lock'.length)}pyproject.toml`), problems);
  const scopes = new Map((needs ?? []).map((need) => [need.group ?? 'default', need.scope]));
  const packages = [...entries.values()].map((entry) => packageOfEntry(entry, files, scopes));
  const index = new PythonLockIndex(packages);
  const direct = new Set((needs ?? []).map((need) => normalizePythonName(need.requirement.name)));
  return {
    packages: packages.map((item) => ({
      ...item,
      relationship:
        needs === undefined ? 'unknown' : direct.has(normalizePythonName(item.name)) ? 'direct' : 'indirect',
      dependsOn: index.idsOfAll(entries.get(item.id)?.needs ?? []).filter((id) => id !== item.id),
    })),
    problems,
  };
}

/** Needs of the manifest; undefined when there is none or it cannot be read. */
function readNeeds(file: SourceFile | undefined, problems: Problem[]): readonly PyprojectNeed[] | undefined {
  if (file === undefined) return undefined;
  const document = parseToml(decodeText(file.bytes, file.path).text, file.path);
  problems.push(...document.problems.map((problem) => ({ ...problem, hidesFindings: false })));
  if (document.value === undefined) return undefined;
  return readPyproject(document.value).needs.filter((need) => need.scope !== 'build');
}

function addEntry(entries: Map<string, Entry>, row: JsonObject | undefined, location: Location): boolean {
  const name = asString(row?.['name']);
  const version = asString(row?.['version']);
  if (row === undefined || name === undefined || version === undefined) return false;
  const id = `${name}@${version}`;
  const entry = entries.get(id) ?? { name, version, row, locations: [], groups: new Set(), needs: [] };
  entries.set(id, entry);
  entry.locations.push(location);
  for (const group of asStrings(row['groups'])) entry.groups.add(group);
  for (const text of asStrings(row['dependencies'])) {
    const requirement = parseRequirement(text);
    if (requirement !== undefined) entry.needs.push({ name: requirement.name, constraint: requirement.specifier });
  }
  return true;
}

function packageOfEntry(entry: Entry, files: JsonObject | undefined, scopes: ReadonlyMap<string, Scope>): Package {
  const { name, version, row, locations } = entry;
  const groups = [...entry.groups];
  // Lock versions before 4.4 keep the files in the metadata, by name and version.
  const archives = [...asArray(row['files']), ...asArray(files?.[`${name} ${version}`])];
  const facts = factsOf(row, groups);
  return pythonPackage({
    name,
    version,
    scope: groups
      .map((group) => scopeOf(group, scopes))
      .reduce(strongerScope, groups.length === 0 ? 'runtime' : 'development'),
    locations,
    digests: digestsOf(archives.map((archive) => asString(asObject(archive)?.['hash']))),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

function scopeOf(group: string, scopes: ReadonlyMap<string, Scope>): Scope {
  return group === 'default' ? 'runtime' : (scopes.get(group) ?? scopeOfGroup(group));
}

function factsOf(row: JsonObject, groups: readonly string[]): PackageFacts {
  const description = asString(row['summary']);
  const repository = asString(row['git']);
  const commit = asString(row['revision']);
  const downloadUrl = asString(row['url']);
  const marker = asString(row['marker']);
  const requiresPython = asString(row['requires_python']);
  const other = {
    ...(marker === undefined ? {} : { marker }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
  };
  const named = groups.filter((group) => group !== 'default');
  return {
    ...(description === undefined ? {} : { description }),
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined ? {} : { commit }),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
    ...(named.length === 0 ? {} : { groups: named }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
}
