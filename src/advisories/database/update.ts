// SPDX-License-Identifier: Apache-2.0
// `db update`: brings an installation up to date with a mirror. Only wanted shards are fetched, interrupted ones go on where they stopped,
// nothing is used before its digest is checked, and the new database becomes visible in one rename.
import { createHash, hash } from 'node:crypto';
import type { StoredFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { DatabaseIndex, ShardListing } from './database-index.ts';
import { parseIndex } from './database-index.ts';
import { invalidDatabase, missingDatabase, untrustedDatabase } from './failures.ts';
import { MirrorRefused } from './http-mirror.ts';
import type { Pointer } from './layout.ts';
import {
  envelopeFile,
  indexFile,
  indexFolder,
  partialFolder,
  readOwnKeys,
  readPointer,
  shardFolder,
  writePointer,
} from './layout.ts';
import type { Mirror } from './mirror.ts';
import type { VerifiedIndex } from './signature.ts';
import { parseEnvelope, verifyIndex } from './signature.ts';
import type { TrustRoot } from './trusted-keys.ts';

export interface UpdateOptions {
  readonly trust: TrustRoot;
  /** OSV ecosystems, with release (`Debian:12`) or without (`Debian`: all releases). Undefined: everything the mirror has. */
  readonly ecosystems?: readonly string[];
  /** Waits between attempts, in milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly limits?: Limits;
  readonly onProgress?: (progress: UpdateProgress) => void;
}

export interface UpdateProgress {
  readonly file: string;
  /** Of all files to fetch. */
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface UpdateResult {
  readonly state: 'updated' | 'unchanged';
  readonly index: DatabaseIndex;
  readonly fetchedBytes: number;
  readonly fetchedShards: number;
  /** Shards that the new database shares with what was there. */
  readonly keptShards: number;
  /** Ecosystems that were asked for and that the mirror does not have. */
  readonly unknownEcosystems: readonly string[];
}

/** Attempts in a row that bring no byte before a download is given up. */
const fruitlessAttempts = 4;
const maximumAttempts = 100;

/**
 * Updates the installation in `root`. Throws DATABASE_SIGNATURE (not trusted, or older than what was seen), DATABASE_INVALID (wrong
 * digest or form), NETWORK_FAILED, OUTPUT_FAILED; the installed database stays in use then.
 */
export async function updateDatabase(
  root: StoredFolder,
  mirror: Mirror,
  options: UpdateOptions,
): Promise<UpdateResult> {
  const limits = options.limits ?? defaultLimits;
  const envelopeBytes = await mirror.read(envelopeFile, limits.indexBytes);
  const indexBytes = await mirror.read(indexFile, limits.indexBytes);
  const trust: TrustRoot = { ...options.trust, keys: [...options.trust.keys, ...readOwnKeys(root)] };
  const verified = verifyIndex(indexBytes, parseEnvelope(envelopeBytes, mirror.name), trust);
  const index = parseIndex(indexBytes, mirror.name);
  const previous = readPointer(root);
  const digest = hash('sha256', indexBytes);
  const folder = `${indexFolder}/${index.sequence}-${digest.slice(0, 16)}`;
  refuseRollback({ previous, index, verified, folder });

  const { wanted, unknown } = chooseShards(root, { index, previous, requested: options.ecosystems });
  const missing = wanted.filter((listing) => root.size(`${shardFolder}/${listing.file}`) !== listing.bytes);
  const totalBytes = missing.reduce((sum, listing) => sum + listing.bytes, 0);
  let fetchedBytes = 0;
  for (const listing of missing) {
    const done = fetchedBytes;
    await fetchShard(root, mirror, {
      listing,
      limits,
      pause: options.pause,
      onBytes: (bytes) => options.onProgress?.({ file: listing.file, bytes: done + bytes, totalBytes }),
    });
    fetchedBytes += listing.bytes;
  }
  if (previous?.folder !== folder) {
    root.write(`${folder}/${envelopeFile}`, envelopeBytes);
    root.write(`${folder}/${indexFile}`, indexBytes);
    const lineage = lineageOf(verified);
    writePointer(root, { folder, sequence: index.sequence, rotation: verified.rotation, lineage });
    removeUnused(root, { index, folder, previous });
  }
  return {
    state: previous?.folder === folder && missing.length === 0 ? 'unchanged' : 'updated',
    index,
    fetchedBytes,
    fetchedShards: missing.length,
    keptShards: wanted.length - missing.length,
    unknownEcosystems: unknown,
  };
}

function lineageOf(verified: VerifiedIndex): string {
  return verified.key.role === 'release' ? 'release' : verified.key.id;
}

interface Candidate {
  readonly previous: Pointer | undefined;
  readonly index: DatabaseIndex;
  readonly verified: VerifiedIndex;
  readonly folder: string;
}

/** An old but well-signed index hides what was published since. Indexes of different signers are numbered independently. */
function refuseRollback({ previous, index, verified, folder }: Candidate): void {
  if (previous === undefined || previous.lineage !== lineageOf(verified)) return;
  if (index.sequence < previous.sequence) {
    throw untrustedDatabase(
      `the mirror offers database ${index.sequence}, older than the installed ${previous.sequence}`,
    );
  }
  if (index.sequence === previous.sequence && folder !== previous.folder) {
    throw untrustedDatabase(`the mirror offers another database ${index.sequence} than the installed one`);
  }
  if (verified.rotation < previous.rotation) {
    throw untrustedDatabase(`the mirror leaves out key rotation ${previous.rotation}, which was seen before`);
  }
}

interface Choice {
  readonly index: DatabaseIndex;
  readonly previous: Pointer | undefined;
  readonly requested: readonly string[] | undefined;
}

/** What was asked for, what is installed already (so that no part of the database grows old), and the context. */
function chooseShards(
  root: StoredFolder,
  { index, previous, requested }: Choice,
): { readonly wanted: readonly ShardListing[]; readonly unknown: readonly string[] } {
  if (requested === undefined) return { wanted: index.shards, unknown: [] };
  const installed = installedEcosystems(root, previous);
  const isWanted = (listing: ShardListing): boolean =>
    listing.kind === 'context' ||
    installed.has(listing.ecosystem) ||
    requested.some((name) => names(name, listing.ecosystem));
  const unknown = requested.filter((name) => !index.shards.some((listing) => names(name, listing.ecosystem)));
  return { wanted: index.shards.filter(isWanted), unknown };
}

function names(requested: string, ecosystem: string): boolean {
  const [wanted, have] = [requested.toLowerCase(), ecosystem.toLowerCase()];
  return wanted === have || have.startsWith(`${wanted}:`);
}

function installedEcosystems(root: StoredFolder, previous: Pointer | undefined): ReadonlySet<string> {
  const bytes =
    previous === undefined ? undefined : root.read(`${previous.folder}/${indexFile}`, defaultLimits.indexBytes);
  if (bytes === undefined) return new Set();
  const listings = parseIndex(bytes, 'installed index').shards;
  return new Set(
    listings
      .filter((listing) => root.size(`${shardFolder}/${listing.file}`) !== undefined)
      .map((listing) => listing.ecosystem),
  );
}

interface ShardFetch {
  readonly listing: ShardListing;
  readonly limits: Limits;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly onBytes: (bytes: number) => void;
}

async function fetchShard(root: StoredFolder, mirror: Mirror, fetch: ShardFetch): Promise<void> {
  const { listing, limits } = fetch;
  if (listing.bytes > limits.shardBytes) {
    throw new LandwaiterError({
      code: 'LIMIT_EXCEEDED',
      message: `${listing.file} has ${listing.bytes} bytes, more than ${limits.shardBytes}`,
    });
  }
  const partial = `${partialFolder}/${listing.sha256}.part`;
  const resumed = (root.size(partial) ?? 0) > 0;
  await download(root, mirror, { ...fetch, partial });
  if (sha256Of(root, partial) !== listing.sha256) {
    root.remove(partial);
    // The beginning may be left over from a mirror that had something else: once more, from the start.
    if (!resumed) throw invalidDatabase(`${mirror.name}: ${listing.file} does not have the digest in the index`);
    await fetchShard(root, mirror, fetch);
    return;
  }
  root.move(partial, `${shardFolder}/${listing.file}`);
}

async function download(
  root: StoredFolder,
  mirror: Mirror,
  fetch: ShardFetch & { readonly partial: string },
): Promise<void> {
  const { listing, partial } = fetch;
  let fruitless = 0;
  for (let attempt = 0; ; attempt += 1) {
    const before = root.size(partial) ?? 0;
    if (before > listing.bytes) root.remove(partial);
    if (before === listing.bytes) return;
    try {
      await receive(root, mirror, fetch);
    } catch (error) {
      if (!canTryAgain(error) || attempt >= maximumAttempts) throw error;
      fruitless = (root.size(partial) ?? 0) > before ? 0 : fruitless + 1;
      if (fruitless >= fruitlessAttempts) throw error;
      await fetch.pause(250 * 2 ** fruitless);
    }
  }
}

function canTryAgain(error: unknown): boolean {
  if (error instanceof MirrorRefused) return error.isTemporary;
  return error instanceof LandwaiterError && error.code === 'NETWORK_FAILED';
}

/** One attempt: appends what comes to the partial file. Throws NETWORK_FAILED when the file is still too short afterwards. */
async function receive(
  root: StoredFolder,
  mirror: Mirror,
  fetch: ShardFetch & { readonly partial: string },
): Promise<void> {
  const { listing, partial, onBytes } = fetch;
  const { start, chunks } = await mirror.stream(`${shardFolder}/${listing.file}`, root.size(partial) ?? 0);
  // The server sends the file from the start: what was there is dropped only now that there is an answer.
  if (start === 0) root.remove(partial);
  let bytes = start;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > listing.bytes) {
      root.remove(partial);
      throw invalidDatabase(`${mirror.name}: ${listing.file} is longer than the index says`);
    }
    root.append(partial, chunk);
    onBytes(bytes);
  }
  if (bytes < listing.bytes) {
    throw new LandwaiterError({
      code: 'NETWORK_FAILED',
      message: `${mirror.name}: ${listing.file} ended after ${bytes} of ${listing.bytes} bytes`,
      hint: 'run the update again: it goes on where it stopped',
    });
  }
}

function sha256Of(folder: StoredFolder, path: string): string {
  const file = folder.open(path);
  if (file === undefined) throw missingDatabase(`${folder.name}/${path} is gone`);
  const digest = createHash('sha256');
  try {
    for (let at = 0; at < file.size; at += 1024 * 1024) digest.update(file.read(at, 1024 * 1024));
  } finally {
    file.close();
  }
  return digest.digest('hex');
}

interface Cleaning {
  readonly index: DatabaseIndex;
  readonly folder: string;
  readonly previous: Pointer | undefined;
}

/** The previous database stays whole: a scan that runs now may still open its shards. */
function removeUnused(root: StoredFolder, { index, folder, previous }: Cleaning): void {
  const bytes =
    previous === undefined ? undefined : root.read(`${previous.folder}/${indexFile}`, defaultLimits.indexBytes);
  const old = bytes === undefined ? [] : parseIndex(bytes, 'previous index').shards;
  const used = new Set([...index.shards, ...old].map((listing) => listing.file));
  for (const name of root.list(shardFolder)) if (!used.has(name)) root.remove(`${shardFolder}/${name}`);
  for (const name of root.list(indexFolder)) {
    const path = `${indexFolder}/${name}`;
    if (path !== folder && path !== previous?.folder) root.remove(path);
  }
  for (const name of root.list(partialFolder)) {
    if (!index.shards.some((listing) => name === `${listing.sha256}.part`)) root.remove(`${partialFolder}/${name}`);
  }
}
