// SPDX-License-Identifier: Apache-2.0
// The rpm database of a root file system: Packages (Berkeley DB), Packages.db (ndb) or rpmdb.sqlite.

import { readRpmDatabase } from '../../formats/rpmdb/database.ts';
import type { RpmHeader } from '../../formats/rpmdb/header.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { RpmDependencies } from '../package-facts/rpm-dependencies.ts';
import { rpmFiles } from '../package-facts/rpm-files.ts';
import { packageOfRpm, rpmDistributionIn, rpmPartsOf, rpmReleaseFiles } from '../package-facts/rpm-package.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const rpmDatabase = defineCataloger({
  id: 'rpm-database',
  title: 'var/lib/rpm/{Packages,Packages.db,rpmdb.sqlite}',
  ecosystems: ['rpm'],
  kind: 'installed',
  reads: { part: 'whole', limit: 'packageDatabaseBytes' },
  files: ['{var/lib,usr/share,usr/lib/sysimage}/rpm/{Packages,Packages.db,rpmdb.sqlite}'],
  companions: [...rpmReleaseFiles],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: true,
    lines: false,
    gaps: ['boolean dependencies', 'what stands in a write-ahead log beside rpmdb.sqlite'],
  },
  parse: parseDatabase,
});

function parseDatabase(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const distribution = rpmDistributionIn(tree);
  const dependencies = new RpmDependencies();
  const packages: Package[] = [];
  const ids = new Map<string, number>();
  let nameless = 0;
  let owned = 0;
  const problems: Problem[] = [
    ...readRpmDatabase(file.bytes, file.path, (header) => {
      const item = packageOfRpm(header, { path: file.path, distribution });
      if (item === undefined) {
        nameless += 1;
        return;
      }
      const id = freeId(item, ids);
      if (tree.files === 'owned') {
        const files = rpmFiles(header, defaultLimits.ownedFiles - owned);
        owned += files.length;
        packages.push({ ...item, id, files });
      } else packages.push({ ...item, id });
      dependencies.add(id, item.name, header);
    }),
  ];
  if (nameless > 0) {
    const message = `${nameless} packages without name or version`;
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
  }
  addFiles(file, packages, dependencies);
  return {
    packages: packages.map((item) => ({ ...item, dependsOn: dependencies.of(item.id) })),
    problems,
    ...(distribution === undefined ? {} : { distribution }),
  };
}

/** A second walk in the same order; its problems are those of the first. */
function addFiles(file: SourceFile, packages: readonly Package[], dependencies: RpmDependencies): void {
  let index = 0;
  readRpmDatabase(file.bytes, file.path, (header: RpmHeader) => {
    const item = packages[index];
    if (item === undefined || rpmPartsOf(header) === undefined) return;
    index += 1;
    dependencies.addFiles(item.id, header);
  });
}

/** Packages of several architectures or releases (kernels) may be installed side by side. */
function freeId(item: Package, ids: Map<string, number>): string {
  for (const id of [item.id, `${item.id}.${item.facts?.architecture ?? ''}`]) {
    if (!ids.has(id)) {
      ids.set(id, 1);
      return id;
    }
  }
  const count = (ids.get(item.id) ?? 0) + 1;
  ids.set(item.id, count);
  return `${item.id}#${count}`;
}
