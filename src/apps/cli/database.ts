// SPDX-License-Identifier: Apache-2.0
// Where advisory databases lie: the installed one (or the one named by --database), then the snapshot that ships with the program.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatabaseLocation, OpenDatabase } from '../../advisories/database/open.ts';
import type { TrustRoot } from '../../advisories/database/trusted-keys.ts';
import { decodeText } from '../../formats/text.ts';
import { localDisk } from '../../io/disk.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { FlagValues } from './arguments.ts';
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
 * In the order they are asked. A folder named by --database is used alone, and as published files: what somebody hands over must not bring
 * keys of its own. Throws DATABASE_MISSING when it does not exist.
 */
export function databaseLocations(
  context: Pick<CommandContext, 'cwd' | 'environment'>,
  named: string | undefined,
): DatabaseLocation[] {
  const folder = installationFolder(context, named);
  if (named !== undefined) {
    if (localDisk.kindOf(folder) !== 'directory') {
      throw new LandwaiterError({ code: 'DATABASE_MISSING', message: `there is no folder ${named}` });
    }
    return [{ kind: 'published', folder: storedFolder(folder) }];
  }
  const snapshot = snapshotPlaces
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => localDisk.kindOf(join(place, 'index.json')) === 'file');
  return [
    { kind: 'installation', folder: storedFolder(folder) },
    ...(snapshot === undefined ? [] : [{ kind: 'published' as const, folder: storedFolder(snapshot) }]),
  ];
}

/** The project's keys and those named by --trust-key. Throws INPUT_UNREADABLE for a file that holds no Ed25519 public key. */
export async function trustOf(context: CommandContext, keyFiles: readonly string[]): Promise<TrustRoot> {
  const { pinnedTrust, trustedKeyOfPem } = await import('../../advisories/database/trusted-keys.ts');
  const keys = keyFiles.map((file) => trustedKeyOfPem(readText(context, file), 'local'));
  return { ...pinnedTrust, keys: [...pinnedTrust.keys, ...keys] };
}

/** Opens what scans use. Throws DATABASE_MISSING, DATABASE_SIGNATURE, DATABASE_INVALID. */
export async function openLookup(context: CommandContext, values: FlagValues): Promise<OpenDatabase> {
  const { openDatabase } = await import('../../advisories/database/open.ts');
  const now = new Date(context.clock.now()).toISOString();
  const trust = await trustOf(context, values.list('trust-key'));
  return openDatabase(databaseLocations(context, values.text('database')), { now, trust });
}

/** A small text file the user named. Throws INPUT_UNREADABLE. */
export function readText(context: Pick<CommandContext, 'cwd'>, path: string): string {
  const result = localDisk.read(resolve(context.cwd, path), defaultLimits.configBytes);
  if (result.kind !== 'bytes')
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `could not read ${path}` });
  return decodeText(result.bytes, path).text;
}
