// SPDX-License-Identifier: Apache-2.0
// Advisories and context in, the files of a database out: shards, index, signature. Pure: the same input gives the same bytes.
import { hash } from 'node:crypto';
import type { Advisory } from '../../model/advisory.ts';
import type { AdvisorySource } from '../feed-sources.ts';
import { advisorySources } from '../feed-sources.ts';
import type { AdvisoryEntry, VulnerabilityContext } from '../lookup.ts';
import { writeAdvisoryShard } from './advisory-shard.ts';
import { compactEntries } from './compaction.ts';
import { writeContextShard } from './context-records.ts';
import type { DatabaseIndex, ShardListing, SourceListing } from './database-index.ts';
import { indexFormat, serialiseIndex, shardFileName } from './database-index.ts';
import { fillGaps } from './gaps.ts';
import type { WrittenShard } from './shard-writer.ts';
import type { SignedRotation } from './signature.ts';
import { serialiseEnvelope, signIndex } from './signature.ts';

export interface DatabaseContent {
  readonly advisories: Iterable<Advisory>;
  readonly context: ReadonlyMap<string, VulnerabilityContext>;
  /** Sources of the context with the newest date of each. */
  readonly contextSources: ReadonlyMap<string, string>;
  /** Ecosystems of which only a sample is given. */
  readonly partial: ReadonlySet<string>;
  /** Date up to which the data of a source reaches, for sources whose records have no dates. */
  readonly asOf: ReadonlyMap<string, string>;
}

export interface Publication {
  readonly sequence: number;
  /** RFC 3339 with seconds, UTC. */
  readonly created: string;
  readonly expires: string;
  /** PEM text of an Ed25519 private key. */
  readonly privateKey: string;
  readonly rotations?: readonly SignedRotation[];
}

export interface AssembledDatabase {
  readonly index: DatabaseIndex;
  readonly indexBytes: Uint8Array;
  readonly envelopeBytes: Uint8Array;
  readonly shards: readonly { readonly listing: ShardListing; readonly bytes: Uint8Array }[];
}

/** Builds all files of a database in memory. */
export function assembleDatabase(content: DatabaseContent, publication: Publication): AssembledDatabase {
  const entries: AdvisoryEntry[] = [];
  for (const advisory of content.advisories) for (const entry of compactEntries(advisory)) entries.push(entry);
  const kept: AdvisoryEntry[] = [];
  const shards: { listing: ShardListing; bytes: Uint8Array }[] = [];
  const byEcosystem = Map.groupBy(entries, (entry) => entry.affected.ecosystem);
  for (const ecosystem of [...byEcosystem.keys()].sort()) {
    const own = fillGaps(byEcosystem.get(ecosystem) ?? []);
    if (own.length === 0) continue;
    for (const entry of own) kept.push(entry);
    const shard = writeAdvisoryShard(ecosystem, own);
    const sources = [...new Set(own.map((entry) => entry.advisory.source))].sort();
    const listing = listShard(shard, {
      ecosystem,
      kind: 'advisories',
      packages: shard.packages,
      advisories: shard.advisories,
      newest: newestOf(own, publication.created, content.asOf),
      sources,
      partial: content.partial.has(ecosystem),
    });
    shards.push({ listing, bytes: shard.bytes });
  }
  if (content.context.size > 0) {
    const shard = writeContextShard(content.context);
    const newest = [...content.contextSources.values()].sort().at(-1) ?? '';
    const sources = [...content.contextSources.keys()].sort();
    const listing = listShard(shard, {
      ecosystem: '',
      kind: 'context',
      packages: 0,
      advisories: 0,
      newest,
      sources,
      partial: false,
    });
    shards.push({ listing, bytes: shard.bytes });
  }
  const index: DatabaseIndex = {
    format: indexFormat,
    sequence: publication.sequence,
    created: publication.created,
    expires: publication.expires,
    shards: shards.map((shard) => shard.listing),
    sources: listSources(kept, content, publication.created),
  };
  const indexBytes = serialiseIndex(index);
  const envelopeBytes = serialiseEnvelope(signIndex(indexBytes, publication.privateKey, publication.rotations));
  return { index, indexBytes, envelopeBytes, shards };
}

function listShard(
  shard: WrittenShard,
  facts: Omit<ShardListing, 'file' | 'bytes' | 'sha256' | 'headBytes' | 'headSha256' | 'unpackedBytes'>,
): ShardListing {
  const sha256 = hash('sha256', shard.bytes);
  return {
    ecosystem: facts.ecosystem,
    kind: facts.kind,
    file: shardFileName({ ...facts, sha256 }),
    bytes: shard.bytes.length,
    sha256,
    headBytes: shard.headBytes,
    headSha256: shard.headSha256,
    unpackedBytes: shard.rawBytes,
    packages: facts.packages,
    advisories: facts.advisories,
    newest: facts.newest,
    sources: facts.sources,
    partial: facts.partial,
  };
}

/** Date of the latest publication, or change where a feed gives no date of publication. Dates after the build are slips of the pen. */
function newestOf(entries: readonly AdvisoryEntry[], created: string, asOf: ReadonlyMap<string, string>): string {
  let newest = '';
  for (const { advisory } of entries) {
    for (const date of [advisory.published ?? advisory.modified ?? '', asOf.get(advisory.source) ?? '']) {
      if (date > newest && date <= created) newest = date;
    }
  }
  return newest;
}

function listSources(
  entries: readonly AdvisoryEntry[],
  { contextSources, asOf }: DatabaseContent,
  created: string,
): readonly SourceListing[] {
  const bySource = Map.groupBy(entries, (entry) => entry.advisory.source);
  const ids = [...new Set([...bySource.keys(), ...contextSources.keys()])].sort();
  return ids.map((id) => {
    const own = bySource.get(id) ?? [];
    const { title, license, attribution, homepage } = advisorySources.get(id) ?? unknownSource(id);
    const advisories = new Set(own.map((entry) => entry.advisory.id)).size;
    return {
      id,
      title,
      license,
      attribution,
      homepage,
      advisories,
      newest: contextSources.get(id) ?? newestOf(own, created, asOf),
    };
  });
}

function unknownSource(id: string): AdvisorySource {
  return { id, title: id, license: 'unknown', attribution: id, homepage: '' };
}
