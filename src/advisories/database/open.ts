// SPDX-License-Identifier: Apache-2.0
// Opens databases for lookups: the installed one first, the shipped snapshot for what it lacks, imported feeds on top of both.
// Only indexes are read at once; a shard is opened at the first question about its ecosystem.
import { hash } from 'node:crypto';
import type { StoredFolder } from '../../io/stored-files.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { AdvisoryEntry, AdvisoryLookup, DatabaseDescription, VulnerabilityContext } from '../lookup.ts';
import { AdvisoryShard } from './advisory-shard.ts';
import { ContextShard } from './context-records.ts';
import type { DatabaseIndex, ShardListing } from './database-index.ts';
import { parseIndex } from './database-index.ts';
import { invalidDatabase, missingDatabase } from './failures.ts';
import { envelopeFile, indexFile, localFolder, readOwnKeys, readPointer, shardFolder } from './layout.ts';
import { BlockCache, ShardFile } from './shard-file.ts';
import type { VerifiedIndex } from './signature.ts';
import { parseEnvelope, verifyIndex } from './signature.ts';
import type { TrustRoot } from './trusted-keys.ts';

/**
 * An installation may have keys of its own and imported feeds; published files (the snapshot, a folder somebody gave) may not: they
 * would vouch for themselves.
 */
export interface DatabaseLocation {
  readonly kind: 'installation' | 'published';
  readonly folder: StoredFolder;
}

export interface OpenOptions {
  /** RFC 3339: decides whether a database is stale. */
  readonly now: string;
  readonly trust: TrustRoot;
  readonly limits?: Limits;
}

/** A database whose index was read and believed. */
export interface OpenedIndex {
  readonly kind: 'installed' | 'published' | 'local';
  /** Path of the location, for people. */
  readonly name: string;
  readonly index: DatabaseIndex;
  readonly digest: string;
  readonly verified: VerifiedIndex;
  readonly stale: boolean;
  /** Listings whose files are there; an installation holds only the shards it was asked for. */
  readonly present: readonly ShardListing[];
  readonly folder: StoredFolder;
  /** Folder of the shards inside `folder`. */
  readonly shards: string;
}

/**
 * Reads and checks the index of a location, and of the feeds imported there. Empty when there is no database.
 * Throws DATABASE_SIGNATURE and DATABASE_INVALID: a refused database is never passed over in silence.
 */
export function readIndexes(location: DatabaseLocation, options: OpenOptions): readonly OpenedIndex[] {
  const { folder } = location;
  const pointer = readPointer(folder);
  const isInstallation = location.kind === 'installation';
  const own = isInstallation ? readOwnKeys(folder) : [];
  const trusting: OpenOptions = { ...options, trust: { ...options.trust, keys: [...options.trust.keys, ...own] } };
  const prefix = pointer === undefined ? '' : `${pointer.folder}/`;
  const kind = pointer === undefined ? 'published' : 'installed';
  const main = readIndex({ folder, kind, prefix, shards: shardFolder }, trusting);
  if (main === undefined && pointer !== undefined) throw invalidDatabase(`${folder.name}: the installed index is gone`);
  const imported = (isInstallation ? folder.list(localFolder) : []).map((name) => {
    const place = `${localFolder}/${name}/`;
    return readIndex({ folder, kind: 'local', prefix: place, shards: `${place}${shardFolder}` }, trusting);
  });
  return [main, ...imported].filter((index) => index !== undefined);
}

interface IndexPlace {
  readonly folder: StoredFolder;
  readonly kind: OpenedIndex['kind'];
  readonly prefix: string;
  readonly shards: string;
}

function readIndex({ folder, kind, prefix, shards }: IndexPlace, options: OpenOptions): OpenedIndex | undefined {
  const limits = options.limits ?? defaultLimits;
  const name = `${folder.name}/${prefix}${indexFile}`;
  const bytes = folder.read(prefix + indexFile, limits.indexBytes);
  if (bytes === undefined) return undefined;
  const envelope = folder.read(prefix + envelopeFile, limits.indexBytes);
  if (envelope === undefined) throw invalidDatabase(`${name}: the signature beside it is missing`);
  const verified = verifyIndex(bytes, parseEnvelope(envelope, name), options.trust);
  const index = parseIndex(bytes, name);
  return {
    kind,
    name: prefix === '' || kind === 'installed' ? folder.name : `${folder.name}/${prefix.slice(0, -1)}`,
    index,
    digest: hash('sha256', bytes),
    verified,
    stale: Date.parse(options.now) > Date.parse(index.expires),
    present: index.shards.filter((shard) => folder.size(`${shards}/${shard.file}`) !== undefined),
    folder,
    shards,
  };
}

export interface OpenDatabase extends AdvisoryLookup {
  close(): void;
}

/**
 * Opens the locations in order of preference. Throws DATABASE_MISSING when none has a database; damage found later, while shards are
 * read, is thrown by the lookups as DATABASE_INVALID.
 */
export function openDatabase(locations: readonly DatabaseLocation[], options: OpenOptions): OpenDatabase {
  const opened = locations.flatMap((location) => readIndexes(location, options));
  if (opened.length === 0)
    throw missingDatabase('there is no advisory database: neither an installed one nor a shipped snapshot');
  return new ShardLookup(opened);
}

/** Where the answer for one ecosystem comes from: the first database that has its shard, and all imported feeds. */
interface Provider {
  readonly database: OpenedIndex;
  readonly listing: ShardListing;
}

class ShardLookup implements OpenDatabase {
  readonly description: DatabaseDescription;
  readonly #providers: ReadonlyMap<string, readonly Provider[]>;
  readonly #contexts: readonly Provider[];
  readonly #cache = new BlockCache();
  readonly #shards = new Map<ShardListing, AdvisoryShard>();
  readonly #ecosystems = new Map<string, readonly AdvisoryShard[]>();
  readonly #contextShards = new Map<ShardListing, ContextShard>();

  constructor(opened: readonly OpenedIndex[]) {
    const all = opened.flatMap((database) => database.present.map((listing): Provider => ({ database, listing })));
    this.#providers = chooseProviders(all.filter(({ listing }) => listing.kind === 'advisories'));
    this.#contexts = chooseProviders(all.filter(({ listing }) => listing.kind === 'context')).get('') ?? [];
    this.description = describe(opened, [...this.#providers.values()].flat(), this.#contexts);
  }

  find(ecosystem: string, name: string): readonly AdvisoryEntry[] {
    const shards = this.#shardsOf(ecosystem);
    const [first] = shards;
    if (first === undefined) return [];
    return shards.length === 1 ? first.find(name) : shards.flatMap((shard) => shard.find(name));
  }

  covers(ecosystem: string): boolean {
    return this.#providers.has(ecosystem);
  }

  context(cve: string): VulnerabilityContext {
    // Facts of an imported feed are added to the others, and win where both speak.
    return this.#contexts.reduce<VulnerabilityContext>(
      (facts, provider) => ({ ...facts, ...this.#contextShard(provider).find(cve) }),
      {},
    );
  }

  close(): void {
    for (const shard of [...this.#shards.values(), ...this.#contextShards.values()]) shard.close();
    this.#shards.clear();
    this.#contextShards.clear();
    this.#ecosystems.clear();
  }

  #shardsOf(ecosystem: string): readonly AdvisoryShard[] {
    const known = this.#ecosystems.get(ecosystem);
    if (known !== undefined) return known;
    const shards = (this.#providers.get(ecosystem) ?? []).map((provider) => this.#advisoryShard(provider));
    this.#ecosystems.set(ecosystem, shards);
    return shards;
  }

  #advisoryShard(provider: Provider): AdvisoryShard {
    const { listing } = provider;
    const shard = new AdvisoryShard(this.#openFile(provider), listing.file);
    if (shard.ecosystem !== listing.ecosystem)
      throw invalidDatabase(`${listing.file}: holds another ecosystem than the index says`);
    this.#shards.set(listing, shard);
    return shard;
  }

  #contextShard(provider: Provider): ContextShard {
    const known = this.#contextShards.get(provider.listing);
    if (known !== undefined) return known;
    const shard = new ContextShard(this.#openFile(provider), provider.listing.file);
    this.#contextShards.set(provider.listing, shard);
    return shard;
  }

  #openFile({ database, listing }: Provider): ShardFile {
    const file = database.folder.open(`${database.shards}/${listing.file}`);
    if (file === undefined) throw missingDatabase(`${database.name}: ${listing.file} is gone`);
    try {
      return ShardFile.open(file, { name: `${database.name}/${listing.file}`, cache: this.#cache }, listing);
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

function chooseProviders(all: readonly Provider[]): ReadonlyMap<string, readonly Provider[]> {
  const chosen = new Map<string, readonly Provider[]>();
  for (const [ecosystem, providers] of Map.groupBy(all, (provider) => provider.listing.ecosystem)) {
    const first = providers.find((provider) => provider.database.kind !== 'local');
    const imported = providers.filter((provider) => provider.database.kind === 'local');
    chosen.set(ecosystem, first === undefined ? imported : [first, ...imported]);
  }
  return chosen;
}

/** Says what is in use: of several databases only those that answer for some ecosystem. */
function describe(
  opened: readonly OpenedIndex[],
  advisories: readonly Provider[],
  contexts: readonly Provider[],
): DatabaseDescription {
  const used = opened.filter((database) =>
    [...advisories, ...contexts].some((provider) => provider.database === database),
  );
  const main = used[0] ?? opened[0];
  const digests = used.map((database) => database.digest);
  const [only] = digests;
  const sources = new Map<string, { readonly id: string; readonly advisories: number; readonly newest: string }>();
  for (const { index } of used) {
    for (const { id, advisories: count, newest } of index.sources) {
      const known = sources.get(id);
      if (known === undefined || newest > known.newest) sources.set(id, { id, advisories: count, newest });
    }
  }
  return {
    digest: digests.length === 1 && only !== undefined ? only : hash('sha256', digests.join('\n')),
    builtAt: main?.index.created ?? '',
    newest:
      advisories
        .map((provider) => provider.listing.newest)
        .sort()
        .at(-1) ?? '',
    advisories: advisories.reduce((count, provider) => count + provider.listing.advisories, 0),
    stale: used.some((database) => database.stale && database.kind !== 'local'),
    partial: partialEcosystems(advisories),
    sources: [...sources.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** An import of a sample on top of complete data does not make the data incomplete. */
function partialEcosystems(providers: readonly Provider[]): readonly string[] {
  const byEcosystem = Map.groupBy(providers, (provider) => provider.listing.ecosystem);
  return [...byEcosystem]
    .filter(([, all]) => all.every((provider) => provider.listing.partial))
    .map(([ecosystem]) => ecosystem)
    .sort();
}
