// SPDX-License-Identifier: Apache-2.0
// `db status`: what databases there are, how old, of whom, under which terms, and what is wrong with them.
import { messageOf } from '../../model/error.ts';
import type { ShardListing, SourceListing } from './database-index.ts';
import type { DatabaseLocation, OpenedIndex, OpenOptions } from './open.ts';
import { readIndexes } from './open.ts';

export type DatabaseStatus =
  | ({ readonly state: 'usable' } & UsableDatabase)
  | { readonly state: 'refused'; readonly location: string; readonly reason: string }
  | { readonly state: 'absent'; readonly location: string };

export interface UsableDatabase {
  readonly location: string;
  readonly kind: OpenedIndex['kind'];
  readonly digest: string;
  readonly sequence: number;
  readonly created: string;
  readonly expires: string;
  readonly stale: boolean;
  /** Whole days since it was built. */
  readonly ageDays: number;
  /** Who signed: id and role of the key. */
  readonly signedBy: { readonly id: string; readonly role: string };
  readonly newest: string;
  readonly advisories: number;
  readonly bytes: number;
  readonly shards: readonly (ShardListing & { readonly present: boolean })[];
  readonly sources: readonly SourceListing[];
}

/** Status of every location in the order in which they are asked. Never throws for a damaged database: that is its status. */
export function databaseStatus(
  locations: readonly DatabaseLocation[],
  options: OpenOptions,
): readonly DatabaseStatus[] {
  return locations.flatMap((location): DatabaseStatus[] => {
    try {
      const opened = readIndexes(location, options);
      if (opened.length === 0) return [{ state: 'absent', location: location.folder.name }];
      return opened.map((database) => statusOf(database, options.now));
    } catch (error) {
      return [{ state: 'refused', location: location.folder.name, reason: messageOf(error) }];
    }
  });
}

function statusOf(database: OpenedIndex, now: string): DatabaseStatus {
  const { index, verified, present } = database;
  const age = Math.floor((Date.parse(now) - Date.parse(index.created)) / 86_400_000);
  return {
    state: 'usable',
    location: database.name,
    kind: database.kind,
    digest: database.digest,
    sequence: index.sequence,
    created: index.created,
    expires: index.expires,
    stale: database.stale,
    ageDays: Number.isNaN(age) ? 0 : Math.max(0, age),
    signedBy: { id: verified.key.id, role: verified.key.role },
    newest:
      present
        .map((shard) => shard.newest)
        .sort()
        .at(-1) ?? '',
    advisories: present.reduce((count, shard) => count + shard.advisories, 0),
    bytes: present.reduce((sum, shard) => sum + shard.bytes, 0),
    shards: index.shards.map((shard) => ({ ...shard, present: present.includes(shard) })),
    sources: index.sources,
  };
}
