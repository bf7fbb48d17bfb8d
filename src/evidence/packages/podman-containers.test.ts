// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { containerdContainers } from './containerd-containers.ts';
import { podmanContainers } from './podman-containers.ts';
import { wingetInstalled } from './winget-installed.ts';

/** A database that SQLite itself wrote. */
function written(fill: (database: DatabaseSync) => void): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-database-'));
  try {
    const database = new DatabaseSync(join(folder, 'x.db'));
    fill(database);
    database.close();
    return Uint8Array.from(readFileSync(join(folder, 'x.db')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function podmanDatabase(image: string, id: string): Uint8Array {
  return written((database) => {
    database.exec('CREATE TABLE ContainerConfig (ID TEXT PRIMARY KEY NOT NULL, Name TEXT, JSON TEXT)');
    database.exec('CREATE TABLE ContainerState (ID TEXT PRIMARY KEY NOT NULL, State INTEGER, JSON TEXT)');
    const config = JSON.stringify({ RawImageName: image, rootfsImageID: id });
    database.prepare('INSERT INTO ContainerConfig VALUES (?, ?, ?)').run('c1', 'web', config);
    database.prepare('INSERT INTO ContainerState VALUES (?, ?, ?)').run('c1', 1, JSON.stringify({ state: 3 }));
  });
}

describe('podmanContainers', () => {
  it('gives the image of each container with its id and the state of the container', () => {
    const id = 'ab'.repeat(32);

    const { get } = catalogText(podmanContainers, {
      'var/lib/containers/storage/db.sql': podmanDatabase('reg.example/web:1.2', id),
    });

    expect(get('reg.example/web')).toMatchObject({
      version: `sha256:${id}`,
      facts: { other: { tag: '1.2', state: 'running' } },
    });
  });

  it('reports a database that is none', () => {
    expect(catalogText(podmanContainers, { 'x/containers/storage/db.sql': 'text' }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});

describe('containerdContainers', () => {
  it('reports a database that is none', () => {
    const path = 'var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db';

    expect(catalogText(containerdContainers, { [path]: 'text' }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});

describe('wingetInstalled', () => {
  it('joins ids, names and versions', () => {
    const bytes = written((database) => {
      for (const [table, column] of [
        ['ids', 'id'],
        ['names', 'name'],
        ['versions', 'version'],
      ]) {
        database.exec(`CREATE TABLE [${table}]([rowid] INTEGER PRIMARY KEY, [${column}] TEXT NOT NULL)`);
      }
      database.exec(
        'CREATE TABLE [manifest]([rowid] INTEGER PRIMARY KEY, [id] INT64 NOT NULL, [name] INT64 NOT NULL, [version] INT64 NOT NULL)',
      );
      database.exec("INSERT INTO ids VALUES (4, 'Vendor.Editor')");
      database.exec("INSERT INTO names VALUES (2, 'The Editor')");
      database.exec("INSERT INTO versions VALUES (9, '1.90.2')");
      database.exec('INSERT INTO manifest VALUES (1, 4, 2, 9)');
    });
    const path = 'Users/a/AppData/Local/Packages/Microsoft.DesktopAppInstaller_8we/LocalState/Source_8we/installed.db';

    const { get } = catalogText(wingetInstalled, { [path]: bytes });

    expect(get('Vendor.Editor')).toMatchObject({ version: '1.90.2', facts: { description: 'The Editor' } });
  });
});
