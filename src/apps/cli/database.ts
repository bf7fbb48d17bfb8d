// SPDX-License-Identifier: Apache-2.0
// Where advisory databases lie: the installed one (or the one named by --database), then the snapshot that ships with the program.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatabaseLocation, OpenDatabase } from '../../advisories/database/open.ts';
import { localDisk } from '../../io/disk.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { CommandContext } from './command.ts';

/** From the bundle (dist/) and from the sources (src/apps/cli/). */
const snapshotPlaces = ['../data/advisories', '../../../data/advisories'];

/** Folder of the installed database: --database, else $XDG_CACHE_HOME/landwaiter/advisories. */
export function installationFolder(
  context: Pick<CommandContext, 'cwd' | 'environment'>,
  named: string | undefined,
): string {
  if (named !== undefined) return resolve(context.cwd, named);
  const { XDG_CACHE_HOME: cache, HOME: home } = context.environment;
  if (cache !== undefined && cache !== '') return join(cache, 'landwaiter', 'advisories');
  if (home !== undefined && home !== '') return join(home, '.cache', 'landwaiter', 'advisories');
  throw new LandwaiterError({
    code: 'USAGE',
    message: 'neither HOME nor XDG_CACHE_HOME is set',
    hint: 'name a folder: --database FOLDER',
  });
}

/**
 * In the order they are asked. A folder named by --database is used alone: an installation where `db update` or `db import` wrote,
 * or published files (a mirror's folder). Throws DATABASE_MISSING when it does not exist.
 */
export function databaseLocations(
  context: Pick<CommandContext, 'cwd' | 'environment'>,
  named: string | undefined,
): DatabaseLocation[] {
  const folder = installationFolder(context, named);
  if (named !== undefined) {
    if (localDisk.kindOf(folder) !== 'directory')
      throw new LandwaiterError({ code: 'DATABASE_MISSING', message: `there is no folder ${named}` });
    const isInstallation = ['current.json', 'local'].some((name) => localDisk.kindOf(join(folder, name)) !== undefined);
    return [{ kind: isInstallation ? 'installation' : 'published', folder: storedFolder(folder) }];
  }
  const snapshot = snapshotPlaces
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => localDisk.kindOf(join(place, 'index.json')) === 'file');
  return [
    { kind: 'installation', folder: storedFolder(folder) },
    ...(snapshot === undefined ? [] : [{ kind: 'published' as const, folder: storedFolder(snapshot) }]),
  ];
}

/** Opens what scans use. Throws DATABASE_MISSING, DATABASE_SIGNATURE, DATABASE_INVALID. */
export async function openLookup(context: CommandContext, named: string | undefined): Promise<OpenDatabase> {
  const { openDatabase } = await import('../../advisories/database/open.ts');
  const { pinnedTrust } = await import('../../advisories/database/trusted-keys.ts');
  const now = new Date(context.clock.now()).toISOString();
  return openDatabase(databaseLocations(context, named), { now, trust: pinnedTrust });
}
