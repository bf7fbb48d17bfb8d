// SPDX-License-Identifier: Apache-2.0
// The shard of facts per CVE: rows of 20 bytes sorted by year and number, found by binary search (docs/database.md, "Context").
import type { VulnerabilityContext } from '../lookup.ts';
import { invalidDatabase } from './failures.ts';
import type { ShardFile } from './shard-file.ts';
import type { WrittenShard } from './shard-writer.ts';
import { targetBlockBytes, writeShardFile } from './shard-writer.ts';

const rowBytes = 20;
const rowsPerBlock = Math.floor(targetBlockBytes / rowBytes);
const scale = 1_000_000;
const dayMilliseconds = 86_400_000;
/** A day in the year 2243: far enough, and a valid date. */
const lastDay = 100_000;
const has = { epss: 1, knownExploited: 2, ransomware: 4 } as const;

interface CveKey {
  readonly year: number;
  readonly number: number;
}

/** `CVE-2021-44228` in its parts; undefined for any other id. */
export function parseCve(id: string): CveKey | undefined {
  const match = /^CVE-(\d{4})-(\d{4,9})$/.exec(id);
  return match === null ? undefined : { year: Number(match[1]), number: Number(match[2]) };
}

/** Writes the context of every CVE id in the map; other ids are left out. */
export function writeContextShard(context: ReadonlyMap<string, VulnerabilityContext>): WrittenShard {
  const rows: { readonly key: CveKey; readonly facts: VulnerabilityContext }[] = [];
  for (const [id, facts] of context) {
    const key = parseCve(id);
    if (key !== undefined) rows.push({ key, facts });
  }
  rows.sort((a, b) => a.key.year - b.key.year || a.key.number - b.key.number);
  const blocks: Uint8Array[] = [];
  for (let start = 0; start < rows.length; start += rowsPerBlock) {
    const part = rows.slice(start, start + rowsPerBlock);
    const block = Buffer.alloc(part.length * rowBytes);
    part.forEach((row, index) => writeRow(block, index * rowBytes, row));
    blocks.push(block);
  }
  const meta = Buffer.from(JSON.stringify({ rows: rows.length }));
  return writeShardFile({ kind: 'context', meta, items: rows.length, slots: new Uint32Array(0), streams: [blocks] });
}

function writeRow(
  block: Buffer,
  at: number,
  row: { readonly key: CveKey; readonly facts: VulnerabilityContext },
): void {
  const { epss, knownExploited } = row.facts;
  block.writeUInt16LE(row.key.year, at);
  block.writeUInt32LE(row.key.number, at + 4);
  let flags = 0;
  if (epss !== undefined) {
    flags |= has.epss;
    block.writeUInt32LE(Math.round(epss.score * scale), at + 8);
    block.writeUInt32LE(Math.round(epss.percentile * scale), at + 12);
  }
  const added = knownExploited === undefined ? Number.NaN : Date.parse(knownExploited.added);
  if (knownExploited !== undefined) {
    flags |= has.knownExploited | (knownExploited.ransomware ? has.ransomware : 0);
    block.writeUInt32LE(Number.isNaN(added) ? 0 : Math.max(0, Math.floor(added / dayMilliseconds)), at + 16);
  }
  block.writeUInt16LE(flags, at + 2);
}

/** An open context shard. The keys of all rows are unpacked at the first question: 280,000 take a few milliseconds. */
export class ContextShard {
  readonly #shard: ShardFile;
  #keys: Float64Array | undefined;

  constructor(shard: ShardFile, name: string) {
    if (shard.kind !== 'context') throw invalidDatabase(`${name}: not a shard of context`);
    if (shard.length(0) !== shard.items * rowBytes) throw invalidDatabase(`${name}: a wrong number of rows`);
    this.#shard = shard;
  }

  /** Empty when nothing is known of the CVE. Throws DATABASE_INVALID. */
  find(cve: string): VulnerabilityContext {
    const key = parseCve(cve);
    if (key === undefined) return {};
    this.#keys ??= readKeys(this.#shard);
    const wanted = sortKey(key);
    let low = 0;
    let high = this.#keys.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#keys[middle] ?? 0;
      if (found === wanted) return readRow(rowAt(this.#shard, middle), 0);
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return {};
  }

  close(): void {
    this.#shard.close();
  }
}

function sortKey({ year, number }: CveKey): number {
  return year * 2 ** 32 + number;
}

function readKeys(shard: ShardFile): Float64Array {
  const keys = new Float64Array(shard.items);
  let row = 0;
  while (row < shard.items) {
    const { bytes, offset } = shard.at(0, row * rowBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (offset !== 0 || bytes.length === 0 || bytes.length % rowBytes !== 0)
      throw invalidDatabase('a row of the context shard is cut');
    for (let at = 0; at < bytes.length; at += rowBytes) {
      keys[row] = sortKey({ year: view.getUint16(at, true), number: view.getUint32(at + 4, true) });
      row += 1;
    }
  }
  return keys;
}

function rowAt(shard: ShardFile, row: number): DataView {
  const { bytes, offset } = shard.at(0, row * rowBytes);
  if (offset + rowBytes > bytes.length) throw invalidDatabase('a row of the context shard is cut');
  return new DataView(bytes.buffer, bytes.byteOffset + offset, rowBytes);
}

function readRow(row: DataView, at: number): VulnerabilityContext {
  const flags = row.getUint16(at + 2, true);
  const epss = { score: row.getUint32(at + 8, true) / scale, percentile: row.getUint32(at + 12, true) / scale };
  const added = new Date(Math.min(row.getUint32(at + 16, true), lastDay) * dayMilliseconds).toISOString().slice(0, 10);
  return {
    ...((flags & has.epss) === 0 ? {} : { epss }),
    ...((flags & has.knownExploited) === 0
      ? {}
      : { knownExploited: { added, ransomware: (flags & has.ransomware) !== 0 } }),
  };
}
