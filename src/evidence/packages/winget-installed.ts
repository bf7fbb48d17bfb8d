// SPDX-License-Identifier: Apache-2.0
// The index database of winget: packages installed on a Windows machine, spread over tables of ids, names and versions.
import type { SqliteRow } from '../../formats/sqlite-file.ts';
import { readSqliteTable } from '../../formats/sqlite-file.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const wingetInstalled = defineCataloger({
  id: 'winget-installed',
  title: 'Microsoft.DesktopAppInstaller_*/**/installed.db (winget)',
  ecosystems: ['winget'],
  kind: 'installed',
  files: [
    '**/AppData/Local/Packages/Microsoft.DesktopAppInstaller_*/LocalState/*/installed.db',
    '**/ProgramData/Microsoft/Windows/AppRepository/StateRepository-Machine.srd',
  ],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['programs that were installed without winget'],
  },
  parse: parseIndex,
});

function parseIndex(file: SourceFile): CatalogResult {
  const problems: Problem[] = [];
  const table = (name: string): readonly SqliteRow[] => {
    const { rows, problems: found } = readSqliteTable(file.bytes, name, file.path);
    if (problems.length === 0) problems.push(...found);
    return rows;
  };
  const texts = (name: string, column: string): ReadonlyMap<unknown, unknown> =>
    new Map(table(name).map((row) => [row['rowid'], row[column]]));
  const manifests = table('manifest');
  const [ids, names, versions] = [texts('ids', 'id'), texts('names', 'name'), texts('versions', 'version')];
  const packages = new Map<string, Package>();
  for (const row of manifests) {
    const id = ids.get(row['id']);
    const version = versions.get(row['version']);
    if (typeof id !== 'string' || typeof version !== 'string') continue;
    const title = names.get(row['name']);
    const purl = formatPurl({ type: 'winget', name: id, version });
    const item = packageOf({
      name: id,
      version,
      type: 'winget',
      ...(purl === undefined ? {} : { purl }),
      locations: [{ path: file.path }],
      ...(typeof title === 'string' ? { facts: { description: title } } : {}),
    });
    packages.set(item.id, item);
  }
  return { packages: [...packages.values()], problems };
}
