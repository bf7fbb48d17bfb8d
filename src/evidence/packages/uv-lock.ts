// SPDX-License-Identifier: Apache-2.0
// uv.lock, and the lock file of a single script (script.py.lock). https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { digestsOf, pythonPackage } from '../package-facts/python.ts';
import type { LockedNeed } from '../package-facts/python-lock.ts';
import { PythonLockIndex } from '../package-facts/python-lock.ts';
import { strongerScope, withReach } from '../package-facts/reach.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const uvLock = defineCataloger({
  id: 'uv-lock',
  title: 'uv.lock',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/uv.lock', '**/*.py.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which extras and groups are installed: packages behind one are listed'],
  },
  parse: parseUvLock,
});

interface Entry {
  readonly item: Package;
  readonly wants: readonly Want[];
}

interface Want extends LockedNeed {
  readonly scope: Scope;
  readonly group: string | undefined;
}

function parseUvLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const spans = document.headerSpans('package');
  const entries: Entry[] = [];
  for (const [index, value] of asArray(document.value?.['package']).entries()) {
    const location = { path: file.path, ...spans[index] };
    const entry = readEntry(asObject(value), location);
    if (entry !== undefined) entries.push(entry);
    else problems.push({ kind: 'schema', message: 'a package without a name', location, hidesFindings: true });
  }
  const roots = entries.filter((entry) => entry.item.relationship === 'root');
  const hasMembers = entries.some((entry) => entry.item.relationship === 'workspace');
  if (
    entries.length > 0 &&
    !file.path.endsWith('.py.lock') &&
    (roots.length > 1 || (roots.length === 0 && !hasMembers))
  ) {
    // uv writes exactly one project for the folder of the lock file. Without it nothing says what is needed for what.
    const message = `${roots.length} projects are the root of this lock file; there must be one`;
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
  }
  return { packages: linked(entries), problems };
}

function readEntry(row: JsonObject | undefined, location: Location): Entry | undefined {
  const name = asString(row?.['name']);
  if (row === undefined || name === undefined) return undefined;
  const source = asObject(row['source']);
  const relationship = relationshipOf(source);
  const hashes = [row['sdist'], ...asArray(row['wheels'])].map((item) => asString(asObject(item)?.['hash']));
  const facts = factsOf(source);
  return {
    item: pythonPackage({
      name,
      version: asString(row['version']) ?? '',
      relationship,
      locations: [location],
      digests: digestsOf(hashes),
      ...(facts === undefined ? {} : { facts }),
    }),
    wants: wantsOf(row),
  };
}

/** `.` is the folder of the lock file; another local folder is a member of the workspace, or a path dependency. */
function relationshipOf(source: JsonObject | undefined): Relationship {
  const folder = asString(source?.['virtual']) ?? asString(source?.['editable']) ?? asString(source?.['directory']);
  if (folder === undefined) return 'unknown';
  return folder === '.' ? 'root' : 'workspace';
}

function wantsOf(row: JsonObject): readonly Want[] {
  const wants = (list: unknown, scope: Scope, group: string | undefined): Want[] =>
    asArray(list).flatMap((value) => {
      const table = asObject(value);
      const name = asString(table?.['name']);
      return name === undefined ? [] : [{ name, version: asString(table?.['version']), scope, group }];
    });
  return [
    ...wants(row['dependencies'], 'runtime', undefined),
    ...entriesOf(row['optional-dependencies']).flatMap(([group, list]) => wants(list, 'optional', group)),
    ...entriesOf(row['dev-dependencies']).flatMap(([group, list]) => wants(list, 'development', group)),
  ];
}

function factsOf(source: JsonObject | undefined): PackageFacts | undefined {
  const local = ['virtual', 'editable', 'directory'].find((kind) => source?.[kind] !== undefined);
  if (local !== undefined) return { other: { source: local } };
  const git = asString(source?.['git']);
  const url = asString(source?.['url']);
  const registry = asString(source?.['registry']);
  if (git !== undefined) {
    const [address = '', commit] = git.split('#');
    return { repository: address.split('?')[0] ?? address, ...(commit === undefined ? {} : { commit }) };
  }
  if (url !== undefined) return { downloadUrl: url };
  return registry === undefined ? undefined : { other: { index: registry } };
}

function linked(entries: readonly Entry[]): readonly Package[] {
  const packages = withUniqueIds(entries.map((entry) => entry.item));
  const index = new PythonLockIndex(packages);
  const direct = new Map<string, Scope>();
  const groups = new Map<string, Set<string>>();
  const edges = packages.map((item, at) => {
    const wants = entries[at]?.wants ?? [];
    const isOwn = item.relationship === 'root' || item.relationship === 'workspace';
    for (const want of isOwn ? wants : []) {
      for (const id of index.idsOf(want)) {
        direct.set(id, strongerScope(want.scope, direct.get(id) ?? want.scope));
        if (want.group !== undefined) groups.set(id, (groups.get(id) ?? new Set()).add(want.group));
      }
    }
    return { ...item, dependsOn: index.idsOfAll(wants) };
  });
  return withReach(edges, direct).map((item) => {
    const named = [...(groups.get(item.id) ?? [])];
    return named.length === 0 ? item : { ...item, facts: { ...item.facts, groups: named } };
  });
}
