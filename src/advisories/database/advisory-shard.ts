// SPDX-License-Identifier: Apache-2.0
// A shard of advisories as a whole: entries of one ecosystem in, bytes out, and back by package name.

import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import { messageOf } from '../../model/error.ts';
import type { AdvisoryEntry } from '../lookup.ts';
import type { AdvisoryFacts, PackageEntry, ShardVocabulary } from './advisory-records.ts';
import { decodeAdvisory, decodePackage, encodeAdvisory, encodePackage } from './advisory-records.ts';
import { ByteReader, MalformedBytes } from './bytes.ts';
import { invalidDatabase } from './failures.ts';
import type { ShardFile } from './shard-file.ts';
import { hashOfKey } from './shard-format.ts';
import type { WrittenShard } from './shard-writer.ts';
import { packBlocks, slotsOf, writeShardFile } from './shard-writer.ts';

export interface AdvisoryShardStatistics {
  readonly packages: number;
  readonly advisories: number;
}

/**
 * Writes the entries of one ecosystem. `AdvisoryEntry.advisory` is compared by source and id: the first one met stands for all.
 * The same entries in any order give the same bytes.
 */
export function writeAdvisoryShard(
  ecosystem: string,
  entries: readonly AdvisoryEntry[],
): WrittenShard & AdvisoryShardStatistics {
  const facts = new Map<string, AdvisoryFacts>();
  for (const { advisory } of entries) {
    const key = keyOf(advisory);
    if (!facts.has(key)) facts.set(key, advisory);
  }
  const vocabulary: ShardVocabulary = {
    ecosystem,
    sources: sortedUnique(
      [...facts.values()].flatMap((item) => [item.source, ...item.severities.map((severity) => severity.source)]),
    ),
    orders: sortedUnique(entries.map((entry) => entry.affected.order)),
  };
  const keys = [...facts.keys()].sort();
  const factRecords = packBlocks(keys.map((key) => encodeAdvisory(facts.get(key) as AdvisoryFacts, vocabulary)));
  const positionOf = new Map(keys.map((key, index) => [key, factRecords.positions[index] as number]));

  const byName = Map.groupBy(entries, (entry) => entry.affected.name);
  const names = [...byName.keys()].sort();
  const packageRecords = packBlocks(
    names.map((name) => {
      const packageEntries = (byName.get(name) ?? []).map((entry): PackageEntry & { readonly text: string } => ({
        advisory: positionOf.get(keyOf(entry.advisory)) as number,
        affected: entry.affected,
        text: JSON.stringify(entry.affected),
      }));
      packageEntries.sort((a, b) => a.advisory - b.advisory || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
      return encodePackage(name, packageEntries, vocabulary);
    }),
  );
  const shard = writeShardFile({
    kind: 'advisories',
    meta: Buffer.from(JSON.stringify(vocabulary)),
    items: names.length,
    slots: slotsOf(names.map((key, index) => ({ key, position: packageRecords.positions[index] as number }))),
    streams: [packageRecords.blocks, factRecords.blocks],
  });
  return { ...shard, packages: names.length, advisories: keys.length };
}

function keyOf(advisory: Pick<AdvisoryFacts, 'source' | 'id'>): string {
  return `${advisory.source}\n${advisory.id}`;
}

function sortedUnique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** Packages decoded so far are kept, up to this many: the same ones are asked for again in a monorepo. */
const rememberedPackages = 20_000;

/** Finds packages in an open shard of advisories. Every call throws DATABASE_INVALID for malformed content and nothing else. */
export class AdvisoryShard {
  readonly #shard: ShardFile;
  readonly #name: string;
  readonly #vocabulary: ShardVocabulary;
  readonly #packages = new Map<string, readonly AdvisoryEntry[]>();
  readonly #facts = new Map<number, AdvisoryFacts>();

  constructor(shard: ShardFile, name: string) {
    const meta = asObject(shard.meta);
    const ecosystem = asString(meta?.['ecosystem']);
    if (shard.kind !== 'advisories' || ecosystem === undefined)
      throw invalidDatabase(`${name}: not a shard of advisories`);
    this.#shard = shard;
    this.#name = name;
    this.#vocabulary = { ecosystem, sources: asStrings(meta?.['sources']), orders: asStrings(meta?.['orders']) };
  }

  get ecosystem(): string {
    return this.#vocabulary.ecosystem;
  }

  /** All entries of a package by its normalised name; empty when there are none. */
  find(name: string): readonly AdvisoryEntry[] {
    const known = this.#packages.get(name);
    if (known !== undefined) return known;
    const entries = this.#read(name);
    if (this.#packages.size >= rememberedPackages) {
      this.#packages.clear();
      this.#facts.clear();
    }
    this.#packages.set(name, entries);
    return entries;
  }

  close(): void {
    this.#shard.close();
  }

  #read(name: string): readonly AdvisoryEntry[] {
    try {
      for (const position of this.#shard.candidates(hashOfKey(name))) {
        const { bytes, offset } = this.#shard.at(0, position);
        const entries = decodePackage(new ByteReader(bytes, offset), name, this.#vocabulary);
        if (entries !== undefined) {
          return entries.map((entry) => new LazyEntry(entry, (at) => this.#factsAt(at)));
        }
      }
      return [];
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof MalformedBytes)) return error;
    return invalidDatabase(`${this.#name}: malformed record: ${messageOf(error)}`, error);
  }

  #factsAt(position: number): AdvisoryFacts {
    const known = this.#facts.get(position);
    if (known !== undefined) return known;
    try {
      const { bytes, offset } = this.#shard.at(1, position);
      const facts = decodeAdvisory(new ByteReader(bytes, offset), this.#vocabulary);
      this.#facts.set(position, facts);
      return facts;
    } catch (error) {
      throw this.#explain(error);
    }
  }
}

/** Most entries are compared and put aside; the advisory's facts are read only when somebody asks for them. */
class LazyEntry implements AdvisoryEntry {
  readonly affected: AffectedPackage;
  readonly #position: number;
  readonly #factsAt: (position: number) => AdvisoryFacts;

  constructor(entry: PackageEntry, factsAt: (position: number) => AdvisoryFacts) {
    this.affected = entry.affected;
    this.#position = entry.advisory;
    this.#factsAt = factsAt;
  }

  get advisory(): AdvisoryFacts {
    return this.#factsAt(this.#position);
  }
}
