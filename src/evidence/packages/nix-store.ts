// SPDX-License-Identifier: Apache-2.0
// Packages in the Nix store: its database, which also knows what needs what, or the names of the folders where there is none (images).
import { parseNixDerivation, printNixDerivation } from '../../formats/nix-derivation.ts';
import type { SqliteRow } from '../../formats/sqlite-file.ts';
import { readSqliteTable } from '../../formats/sqlite-file.ts';
import { decodeText } from '../../formats/text.ts';
import { parseDigest } from '../../model/digest.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { derivationsIn } from '../package-facts/nix-derivations.ts';
import { nixPurl, parseNixStorePath } from '../package-facts/nix-store-path.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const database = 'nix/var/nix/db/db.sqlite';
const store = 'nix/store';
const derivations = 'nix/store/*.drv';

export const nixStore = defineCataloger({
  id: 'nix-store',
  title: 'nix/var/nix/db/db.sqlite, else the folders of nix/store',
  ecosystems: ['nix'],
  kind: 'installed',
  reads: { part: 'whole', limit: 'packageDatabaseBytes' },
  files: [database],
  folders: [`${store}/*`],
  companions: [database, derivations],
  condense: condenseDerivation,
  gather: { placeOf: (path) => (path === database ? database : store), link: linkPaths },
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: false,
    digests: true,
    lines: false,
    gaps: [
      'licences',
      'which package needs which at run time, where the store has no database; what it was built from is listed where the store keeps derivations',
      'packages that are a single file of the store',
    ],
  },
  parse: (file, tree) => (file.path === database ? parseDatabase(file) : parseFolder(file, tree)),
});

/** The database tells of the same folders, and more. */
function parseFolder(file: SourceFile, tree: CompanionFiles): CatalogResult {
  if (tree.get(database) !== undefined) return { packages: [], problems: [] };
  const built = derivationsIn(tree, derivations);
  const path = `/${file.path}`;
  const item = packageOfPath({ path: file.path, at: file.path, deriver: built.builderOf(path) });
  if (item === undefined) return { packages: [], problems: [] };
  return { packages: [{ ...item, dependsOn: built.inputsOf(path) }], problems: [] };
}

/** Packages read from folders name what they need by path; what is not in the store was needed for building only. */
function linkPaths(packages: readonly Package[]): readonly Package[] {
  const ids = new Map(packages.map((item) => [`/${item.locations[0]?.path ?? ''}`, item.id]));
  const known = new Set(packages.map((item) => item.id));
  return packages.map((item) => ({
    ...item,
    dependsOn: item.dependsOn.map((need) => ids.get(need) ?? need).filter((id) => known.has(id) && id !== item.id),
  }));
}

/** A store has thousands of derivations, and most of each is the environment of its builder. Of the database it counts that it is there. */
function condenseDerivation(file: SourceFile): Uint8Array | undefined {
  if (!file.path.endsWith('.drv')) return new Uint8Array(0);
  const { derivation } = parseNixDerivation(decodeText(file.bytes, file.path).text, file.path);
  return derivation === undefined ? undefined : new TextEncoder().encode(printNixDerivation(derivation));
}

function parseDatabase(file: SourceFile): CatalogResult {
  const paths = readSqliteTable(file.bytes, 'ValidPaths', file.path);
  const references = readSqliteTable(file.bytes, 'Refs', file.path);
  const packages = new Map<SqliteRow[string], Package>();
  for (const row of paths.rows) {
    const { id = null, path, deriver, hash } = row;
    if (typeof path !== 'string' || path.endsWith('.drv')) continue;
    const item = packageOfPath({ path, at: file.path, deriver: typeof deriver === 'string' ? deriver : undefined });
    const digest = typeof hash === 'string' ? parseDigest(hash) : undefined;
    if (item !== undefined) packages.set(id, digest === undefined ? item : { ...item, digests: [digest] });
  }
  const needed = new Map<SqliteRow[string], Set<string>>();
  for (const { referrer = null, reference = null } of references.rows) {
    const item = packages.get(reference);
    if (item === undefined || referrer === reference) continue;
    needed.set(referrer, (needed.get(referrer) ?? new Set()).add(item.id));
  }
  const linked = [...packages].map(([id, item]) => ({ ...item, dependsOn: [...(needed.get(id) ?? [])].sort() }));
  return { packages: linked, problems: [...paths.problems, ...references.problems] };
}

/** Undefined for paths that are no packages: sources, scripts and configuration have no version. */
function packageOfPath(found: {
  readonly path: string;
  readonly at: string;
  readonly deriver: string | undefined;
}): Package | undefined {
  const item = parseNixStorePath(found.path);
  if (item === undefined || item.version === '') return undefined;
  const purl = nixPurl(item, found.deriver);
  const { hash, output } = item;
  return packageOf({
    // Outputs of one package have its name and version.
    id: `${item.name}@${item.version}#${hash}`,
    name: item.name,
    version: item.version,
    type: 'nix',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: found.at }],
    facts: { other: { outputHash: hash, ...(output === '' ? {} : { output }) } },
  });
}
