// SPDX-License-Identifier: Apache-2.0
// The process that the match benchmark measures, bundled by match.ts. Prints its figures as JSON.
// `match FOLDER`: opens the database in the folder and matches; `bare FOLDER`: reads and unpacks the shards that this needs, and no more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { parseIndex } from '../../src/advisories/database/database-index.ts';
import { openDatabase } from '../../src/advisories/database/open.ts';
import { maximumStreams, rowBytes } from '../../src/advisories/database/shard-format.ts';
import { pinnedTrust } from '../../src/advisories/database/trusted-keys.ts';
import { matchPackages } from '../../src/advisories/match.ts';
import { packageSubject } from '../../src/evidence/packages/record.ts';
import { storedFolder } from '../../src/io/stored-files.ts';
import type { PackageList } from '../../src/model/package.ts';
import { ecosystems, matchPackagesOf } from './match-packages.ts';

const now = '2026-01-01T00:00:00Z';

function match(folder: string, list: PackageList): { readonly findings: number; readonly affected: number } {
  const lookup = openDatabase([{ kind: 'published', folder: storedFolder(folder) }], { now, trust: pinnedTrust });
  const { findings } = matchPackages([{ list, subjectOf: (item) => packageSubject(item).id }], lookup, { now });
  return { findings: findings.length, affected: new Set(findings.map((finding) => finding.package.subject)).size };
}

/** Every block of the shards, as the head says where it lies. */
function readBare(folder: string): { readonly unpacked: number } {
  const index = parseIndex(readFileSync(join(folder, 'index.json')), 'index.json');
  const needed = index.shards.filter((shard) => shard.kind === 'context' || ecosystems.includes(shard.ecosystem));
  let unpacked = 0;
  for (const shard of needed) {
    const bytes = readFileSync(join(folder, 'shards', shard.file));
    for (let stream = 0; stream < Math.min(bytes.readUInt8(11), maximumStreams); stream += 1) {
      const offset = bytes.readUInt32LE(32 + stream * 8);
      const count = bytes.readUInt32LE(36 + stream * 8);
      for (let row = offset; row < offset + count * rowBytes; row += rowBytes) {
        const start = bytes.readUInt32LE(row);
        unpacked += zstdDecompressSync(bytes.subarray(start, start + bytes.readUInt32LE(row + 4))).length;
      }
    }
  }
  return { unpacked };
}

const [mode, folder = '', count = '3000'] = process.argv.slice(2);
const packages = matchPackagesOf(Number(count));
const list: PackageList = { cataloger: 'bench', path: 'bench', ecosystem: 'npm', kind: 'declared', packages };
const before = process.threadCpuUsage();
const start = process.hrtime.bigint();
const result = mode === 'bare' ? readBare(folder) : match(folder, list);
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
const used = process.threadCpuUsage(before);
const rss = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(`${JSON.stringify({ milliseconds, cpu: (used.user + used.system) / 1000, rss, ...result })}\n`);
