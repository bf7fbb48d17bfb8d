// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { parseNixStorePath } from '../package-facts/nix-store-path.ts';
import { CatalogRun } from './catalog.ts';
import { nixStore } from './nix-store.ts';

const hash = '02mqs1by2vab9yzw0qc4j7463w78p3ps';

function database(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-nix-'));
  try {
    const db = new DatabaseSync(join(folder, 'x.db'));
    db.exec('CREATE TABLE ValidPaths (id INTEGER PRIMARY KEY, path TEXT, hash TEXT, deriver TEXT)');
    db.exec('CREATE TABLE Refs (referrer INTEGER, reference INTEGER)');
    db.exec(`INSERT INTO ValidPaths VALUES (1, '/nix/store/${hash}-glibc-2.37-8', 'sha256:${'ab'.repeat(32)}', '/nix/store/${hash}-glibc-2.37-8.drv'),
      (2, '/nix/store/${hash}-jq-1.6-bin', '', NULL), (3, '/nix/store/${hash}-builder.sh', '', NULL)`);
    db.exec('INSERT INTO Refs VALUES (2, 1), (1, 1)');
    db.close();
    return Uint8Array.from(readFileSync(join(folder, 'x.db')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('nixStore', () => {
  it('reads packages and what needs what from the database, and no folders beside it', () => {
    const run = new CatalogRun([nixStore]);
    run.take({ path: 'nix/var/nix/db/db.sqlite', bytes: database() });
    run.wants(`nix/store/${hash}-other-1.0/bin/other`);
    const [list] = run.finish().lists;

    expect(list?.packages).toMatchObject([
      {
        name: 'glibc',
        version: '2.37-8',
        purl: `pkg:nix/glibc@2.37-8?drvpath=${hash}-glibc-2.37-8.drv&outputhash=${hash}`,
        digests: [`sha256:${'ab'.repeat(32)}`],
      },
      { name: 'jq', version: '1.6', dependsOn: [`glibc@2.37-8#${hash}`], facts: { other: { output: 'bin' } } },
    ]);
    expect(list?.packages).toHaveLength(2);
  });

  it('takes folders of the store where there is no database, without reading what is in them', () => {
    const run = new CatalogRun([nixStore]);
    const isRead = ['bin/a', 'bin/b'].map((name) => run.wants(`nix/store/${hash}-jq-1.6/${name}`));
    run.wants(`nix/store/${hash}-loose-1.0`);
    run.wants(`srv/nix/store/${hash}-data-1.0/x`);

    expect(isRead).toEqual([false, false]);
    expect(run.finish().lists.flatMap((list) => list.packages.map((item) => item.name))).toEqual(['jq']);
  });

  it('notes folders also when a source asks by folder and name', () => {
    const run = new CatalogRun([nixStore]);

    expect(run.mayWant(`nix/store/${hash}-jq-1.6/share/doc`, 'x')).toBe(false);
    expect(run.finish().lists[0]?.packages).toMatchObject([{ name: 'jq', version: '1.6' }]);
  });
});

describe('parseNixStorePath', () => {
  it.each([
    ['perl5.34.1-URI-5.05', 'perl5.34.1-URI', '5.05', ''],
    ['bash-interactive-5.1-p16-man', 'bash-interactive', '5.1-p16', 'man'],
    ['tool-unstable-2021-08-16', 'tool', 'unstable-2021-08-16', ''],
    ['a-1.0-beta', 'a', '1.0-beta', ''],
    ['source', 'source', '', ''],
  ])('reads %s', (text, name, version, output) => {
    expect(parseNixStorePath(`/nix/store/${hash}-${text}`)).toEqual({ hash, name, version, output });
  });

  it('gives nothing for names that are none', () => {
    expect(parseNixStorePath('/nix/store/.links')).toBeUndefined();
  });
});
