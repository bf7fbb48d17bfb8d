// SPDX-License-Identifier: Apache-2.0
// Reads the YAML form of trivy-db (a tree of buckets) with the feed that reads Trivy's database: only the file format differs.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { FeedOutput } from '../../../src/advisories/feed.ts';
import { trivyDb } from '../../../src/advisories/feeds/trivy-db.ts';
import { recordsOfTrivy } from '../../../src/advisories/trivy-records.ts';
import type { BoltBucket } from '../../../src/formats/bolt-file.ts';
import { asArray, asObject, asStrings } from '../../../src/formats/document.ts';
import type { Advisory } from '../../../src/model/advisory.ts';
import type { Problem } from '../../../src/model/problem.ts';

export interface Pair {
  readonly bucket?: string;
  readonly key?: string;
  readonly value?: unknown;
  readonly pairs?: readonly Pair[];
}

export interface TrivyDatabase {
  readonly advisories: readonly Advisory[];
  /** Ends of affected ranges and patched versions as the database writes them, by `name\nid`. */
  readonly fixes: ReadonlyMap<string, readonly string[]>;
  /** What the feed could not read. */
  readonly problems: readonly Problem[];
}

/** The feed's name for ratings of no named vendor. */
export const unnamedSource = 'unnamed';

/** Reads fixture files, with further buckets that a test states otherwise. */
export function readTrivyDatabase(files: readonly string[], more: readonly Pair[] = []): TrivyDatabase {
  const pairs = [...files.flatMap((file) => asArray(load(readFileSync(file, 'utf8'))) as readonly Pair[]), ...more];
  const output = new FeedOutput();
  for (const record of recordsOfTrivy(bucketOf(pairs), 'trivy.db')) trivyDb.read(record, output);
  return { advisories: [...output.advisories], fixes: fixesOf(pairs), problems: output.problems };
}

/** As the Bolt file holds it: values are JSON. */
function bucketOf(pairs: readonly Pair[]): BoltBucket {
  const bucket = new Map<string, BoltBucket | Uint8Array>();
  for (const pair of pairs) {
    if (pair.bucket === undefined) {
      bucket.set(pair.key ?? '', new TextEncoder().encode(JSON.stringify(pair.value ?? null)));
      continue;
    }
    const known = bucket.get(pair.bucket);
    const inner = bucketOf(pair.pairs ?? []);
    bucket.set(pair.bucket, known instanceof Map ? merged(known, inner) : inner);
  }
  return bucket;
}

function merged(into: BoltBucket, more: BoltBucket): BoltBucket {
  const result = new Map(into);
  for (const [key, value] of more) {
    const known = result.get(key);
    result.set(key, known instanceof Map && value instanceof Map ? merged(known, value) : value);
  }
  return result;
}

function fixesOf(buckets: readonly Pair[]): Map<string, readonly string[]> {
  const fixes = new Map<string, readonly string[]>();
  for (const named of buckets.flatMap((item) => item.pairs ?? [])) {
    for (const pair of named.pairs ?? []) {
      const key = `${named.bucket ?? ''}\n${(pair.key ?? '').trim()}`;
      const ends = asStrings(asObject(pair.value)?.['VulnerableVersions']).flatMap(endsOf);
      fixes.set(key, [...(fixes.get(key) ?? []), ...ends]);
    }
  }
  return fixes;
}

function endsOf(constraint: string): string[] {
  const bounds = [...constraint.matchAll(/<\s{0,4}([^\s,=][^\s,]{0,64})/g)].map((match) => match[1] ?? '');
  const closing = /,\s{0,4}([^\s,[\]()]{1,64})\)$/.exec(constraint)?.[1];
  return closing === undefined ? bounds : [...bounds, closing];
}
