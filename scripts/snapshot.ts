// SPDX-License-Identifier: Apache-2.0
// Rebuilds the snapshot of advisories that is shipped in data/advisories from a folder of vulnerability data:
//   node scripts/snapshot.ts --from DIR --key FILE [--output DIR] [--created DATE] [--sequence N]
// The same data, date, sequence and key give the same bytes. Only data whose terms allow it goes in: see `inputs` below and NOTICE.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildDatabase } from '../src/advisories/database/build.ts';
import type { FeedInput } from '../src/advisories/database/collect.ts';
import { trustedKeyOfPem } from '../src/advisories/database/trusted-keys.ts';
import { storedFolder } from '../src/io/stored-files.ts';
import type { Advisory } from '../src/model/advisory.ts';

/** Of the mixed samples only what GitHub published under CC-BY-4.0 may be passed on. */
function isGitHubAdvisory(advisory: Advisory): boolean {
  return advisory.source === 'ghsa';
}

/** The changelogs are those of Debian 12: what they say of older releases is left over from their history. */
function isDebian12(advisory: Advisory): boolean {
  return advisory.affected.every((affected) => affected.ecosystem === 'Debian:12');
}

const inputs: readonly (Omit<FeedInput, 'files'> & { readonly feed: string })[] = [
  { name: 'go', feed: 'osv', asOf: '2026-08-21T00:00:00Z' },
  { name: 'pypi', feed: 'osv' },
  { name: 'crates', feed: 'osv' },
  { name: 'almalinux', feed: 'osv' },
  { name: 'bitnami', feed: 'osv' },
  { name: 'rubygems-native', feed: 'rubysec' },
  { name: 'packagist-native', feed: 'friendsofphp' },
  { name: 'packagist-roave-native', feed: 'roave', asOf: '2026-07-23T00:00:00Z' },
  { name: 'ghsa-popular', feed: 'osv', sample: true, accept: isGitHubAdvisory },
  { name: 'osv-samples', feed: 'osv', sample: true, accept: isGitHubAdvisory },
  { name: 'node-npm-native', feed: 'nodejs', sample: true },
  { name: 'retirejs-native', feed: 'retirejs', sample: true, asOf: '2026-08-22T00:00:00Z' },
  { name: 'debian-changelog-native', feed: 'debian-changelog', sample: true, accept: isDebian12 },
  { name: 'kev', feed: 'kev' },
];

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    key: { type: 'string' },
    output: { type: 'string', default: fileURLToPath(new URL('../data/advisories', import.meta.url)) },
    created: { type: 'string', default: '2026-08-22T00:00:00Z' },
    sequence: { type: 'string', default: '1' },
    'valid-days': { type: 'string', default: '90' },
  },
});
if (values.from === undefined || values.key === undefined) {
  console.error('usage: node scripts/snapshot.ts --from DIR --key FILE [--output DIR] [--created DATE] [--sequence N]');
  process.exit(2);
}
const { from } = values;

function* fileOf(name: string): Generator<{ path: string; bytes: Uint8Array }> {
  const path = `${name}.jsonl.gz`;
  yield { path, bytes: readFileSync(join(from, path)) };
}

const privateKey = readFileSync(values.key, 'utf8');
const result = buildDatabase(
  inputs.map((input) => ({ ...input, files: fileOf(input.name) })),
  storedFolder(values.output),
  { privateKey, now: values.created, sequence: Number(values.sequence), validDays: Number(values['valid-days']) },
);

console.log(`signed by ${JSON.stringify(trustedKeyOfPem(privateKey, 'release'))}`);
for (const input of result.inputs)
  console.log(`${input.name}: ${input.records} records, ${input.advisories} new advisories`);
for (const shard of result.index.shards) {
  const subject = shard.kind === 'context' ? 'context' : shard.ecosystem;
  const note = shard.partial ? ' (sample)' : '';
  console.log(
    `${subject}${note}: ${shard.advisories} advisories of ${shard.packages} packages, ${shard.bytes} bytes (${shard.unpackedBytes} unpacked), newest ${shard.newest.slice(0, 10)}, from ${shard.sources.join(', ')}`,
  );
}
for (const [part, count] of result.skipped) console.log(`left out, ${part}: ${count}`);
for (const problem of result.problems) console.log(`problem in ${problem.location.path}: ${problem.message}`);
console.log(`${result.index.shards.length} shards, ${result.bytes} bytes, ${result.problemCount} problems`);
