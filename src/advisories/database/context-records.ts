// SPDX-License-Identifier: Apache-2.0
// The shard of facts per CVE: rows of 20 bytes sorted by year and number, found by binary search (docs/database.md, "Context").
import type { VulnerabilityContext } from '../lookup.ts';
import { invalidDatabase } from './failures.ts';
import type { ShardFile, WrittenShard } from './shard-file.ts';
import { targetBlockBytes, writeShardFile } from './shard-file.ts';

const rowBytes = 20;
const rowsPerBlock = Math.floor(targetBlockBytes / rowBytes);
const scale = 1_000_000;
const dayMilliseconds = 86_400_000;
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

/** Looks one CVE up; empty when nothing is known of it. Throws DATABASE_INVALID. */
export function findContext(shard: ShardFile, cve: string): VulnerabilityContext {
  const key = parseCve(cve);
  if (key === undefined) return {};
  if (shard.length(0) !== shard.items * rowBytes) throw invalidDatabase('the context shard has a wrong number of rows');
  let low = 0;
  let high = shard.items - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { bytes, offset } = shard.at(0, middle * rowBytes);
    if (offset + rowBytes > bytes.length) throw invalidDatabase('a row of the context shard is cut');
    const row = Buffer.from(bytes.buffer, bytes.byteOffset + offset, rowBytes);
    const order = row.readUInt16LE(0) - key.year || row.readUInt32LE(4) - key.number;
    if (order === 0) return readRow(row);
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return {};
}

function readRow(row: Buffer): VulnerabilityContext {
  const flags = row.readUInt16LE(2);
  const added = new Date(Math.min(row.readUInt32LE(16), 100_000) * dayMilliseconds).toISOString().slice(0, 10);
  return {
    ...((flags & has.epss) === 0
      ? {}
      : { epss: { score: row.readUInt32LE(8) / scale, percentile: row.readUInt32LE(12) / scale } }),
    ...((flags & has.knownExploited) === 0
      ? {}
      : { knownExploited: { added, ransomware: (flags & has.ransomware) !== 0 } }),
  };
}
