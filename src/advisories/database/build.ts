// SPDX-License-Identifier: Apache-2.0
// `db build` and `db import`: from files of feeds to a signed database in a folder.
import type { StoredFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { AssembledDatabase, Publication } from './assemble.ts';
import { assembleDatabase } from './assemble.ts';
import type { Collection, FeedInput } from './collect.ts';
import { collectFeeds } from './collect.ts';
import type { DatabaseIndex } from './database-index.ts';
import { parseIndex } from './database-index.ts';
import { envelopeFile, indexFile, keyFolder, localFolder, shardFolder, writeOwnKey } from './layout.ts';
import type { SignedRotation } from './signature.ts';
import { readOrMakeKey } from './signing-key.ts';

export interface BuildOptions {
  /** PEM text of an Ed25519 private key. */
  readonly privateKey: string;
  /** RFC 3339: the date of the database. */
  readonly now: string;
  /** How long it counts as fresh. */
  readonly validDays: number;
  /** Without it: one more than the database that lies in the output folder, or 1. */
  readonly sequence?: number;
  readonly rotations?: readonly SignedRotation[];
  readonly limits?: Limits;
}

export interface BuildResult extends Omit<Collection, 'content'> {
  readonly index: DatabaseIndex;
  /** All files together. */
  readonly bytes: number;
}

/**
 * Builds a database into `output`, replacing the one that is there. The same inputs, date, sequence and key give the same bytes.
 * Throws INPUT_UNREADABLE when the inputs hold nothing to publish.
 */
export function buildDatabase(inputs: readonly FeedInput[], output: StoredFolder, options: BuildOptions): BuildResult {
  const { content, ...reports } = collectFeeds(inputs, options.limits ?? defaultLimits);
  const database = assembleDatabase(content, publicationOf(options, options.sequence ?? nextSequence(output)));
  refuseEmpty(database, inputs);
  writeDatabase(database, output, '');
  removeOldShards(database, output);
  return { ...reports, index: database.index, bytes: bytesOf(database) };
}

export interface ImportOptions extends Omit<BuildOptions, 'privateKey' | 'sequence' | 'rotations'> {
  /** Names the import: a later one with the same name takes its place. Lower-case letters, digits, dots and hyphens. */
  readonly name: string;
  /** PEM text; without it a key of this installation is made and used. */
  readonly privateKey?: string;
}

/** Imports feeds into an installation as a database of their own, whose findings are added to those of the installed one. */
export function importFeed(inputs: readonly FeedInput[], root: StoredFolder, options: ImportOptions): BuildResult {
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(options.name)) {
    const hint = 'use lower-case letters, digits, dots and hyphens';
    throw new LandwaiterError({ code: 'USAGE', message: `"${options.name}" is no name for an import`, hint });
  }
  const { content, ...reports } = collectFeeds(inputs, options.limits ?? defaultLimits);
  const privateKey = options.privateKey ?? localKey(root);
  const database = assembleDatabase(content, publicationOf({ ...options, privateKey }, 1));
  refuseEmpty(database, inputs);
  const staging = `staging/${options.name}`;
  const old = `staging/${options.name}.old`;
  const place = `${localFolder}/${options.name}`;
  root.remove(staging);
  root.remove(old);
  writeDatabase(database, root, `${staging}/`);
  if (root.list(place).length > 0) root.move(place, old);
  root.move(staging, place);
  root.remove('staging');
  return { ...reports, index: database.index, bytes: bytesOf(database) };
}

/** Takes an import out again; nothing happens when there is none of this name. */
export function removeImport(root: StoredFolder, name: string): void {
  if (/^[a-z0-9][a-z0-9.-]{0,63}$/.test(name)) root.remove(`${localFolder}/${name}`);
}

function localKey(root: StoredFolder): string {
  const key = readOrMakeKey(root, `${keyFolder}/local.pem`);
  writeOwnKey(root, key.publicKey);
  return key.privateKey;
}

function publicationOf(options: Omit<BuildOptions, 'sequence'>, sequence: number): Publication {
  const created = secondsOf(Date.parse(options.now));
  const expires = secondsOf(Date.parse(options.now) + options.validDays * 86_400_000);
  return {
    sequence,
    created,
    expires,
    privateKey: options.privateKey,
    ...(options.rotations === undefined ? {} : { rotations: options.rotations }),
  };
}

function secondsOf(milliseconds: number): string {
  if (Number.isNaN(milliseconds))
    throw new LandwaiterError({ code: 'USAGE', message: 'the date of the database is no date' });
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function nextSequence(output: StoredFolder): number {
  const bytes = output.read(indexFile, defaultLimits.indexBytes);
  return bytes === undefined ? 1 : parseIndex(bytes, indexFile).sequence + 1;
}

/** A database with nothing in it would call everything clean. */
function refuseEmpty(database: AssembledDatabase, inputs: readonly FeedInput[]): void {
  if (database.shards.length > 0) return;
  const names = inputs.map((input) => input.name).join(', ');
  throw new LandwaiterError({
    code: 'INPUT_UNREADABLE',
    message: `no advisories were found in ${names || 'no input'}`,
  });
}

/** Shards first, the index last: a reader never meets an index whose shards are missing. */
function writeDatabase(database: AssembledDatabase, folder: StoredFolder, prefix: string): void {
  for (const { listing, bytes } of database.shards) folder.write(`${prefix}${shardFolder}/${listing.file}`, bytes);
  folder.write(prefix + envelopeFile, database.envelopeBytes);
  folder.write(prefix + indexFile, database.indexBytes);
}

function removeOldShards(database: AssembledDatabase, folder: StoredFolder): void {
  const listed = new Set(database.index.shards.map((shard) => shard.file));
  for (const name of folder.list(shardFolder)) {
    if (name.endsWith('.shard') && !listed.has(name)) folder.remove(`${shardFolder}/${name}`);
  }
}

function bytesOf(database: AssembledDatabase): number {
  return database.shards.reduce(
    (sum, shard) => sum + shard.bytes.length,
    database.indexBytes.length + database.envelopeBytes.length,
  );
}
