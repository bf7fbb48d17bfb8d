// SPDX-License-Identifier: Apache-2.0
// Cuts Trivy's database (a tree of buckets in one Bolt file) into records, one per bucket and package, each with what the other tables of the
// database say of it. What the records mean is the business of feeds/trivy-db.ts.
// Layout: bucket `<source release>` > package > vulnerability = JSON; beside them `data-source`, `vulnerability` and `Red Hat CPE`.
import type { BoltBucket } from '../formats/bolt-file.ts';
import { boltBucket, boltText } from '../formats/bolt-file.ts';
import type { FeedRecord } from './feed.ts';

/** Value of a record; members are JSON as the database has it, or its text where that is none. */
export interface TrivyRecord {
  readonly trivyBucket: string;
  readonly package: string;
  /** By id of the vulnerability or erratum. */
  readonly advisories: Readonly<Record<string, unknown>>;
  /** What all vendors say, by id of the vulnerability; read when asked. */
  readonly detailsOf: (id: string) => unknown;
  /** Entry of the bucket in the table of sources. */
  readonly dataSource: unknown;
  /** The CPE name of Red Hat's product with this number. */
  readonly productOf: (number: string) => string | undefined;
}

const tables: ReadonlySet<string> = new Set(['data-source', 'vulnerability', 'Red Hat CPE', 'metadata']);

/** Records in the order of the file. A value that should be a bucket, or the other way around, makes none. */
export function* recordsOfTrivy(root: BoltBucket, path: string): Generator<FeedRecord> {
  const sources = boltBucket(root, ['data-source']);
  const details = boltBucket(root, ['vulnerability']);
  const cpes = boltBucket(root, ['Red Hat CPE', 'cpe']);
  const productOf = (number: string): string | undefined => {
    const name = jsonOf(boltText(cpes, number));
    return typeof name === 'string' ? name : undefined;
  };
  for (const [bucket, packages] of root) {
    if (tables.has(bucket) || packages instanceof Uint8Array) continue;
    const dataSource = jsonOf(boltText(sources, bucket));
    for (const [name, entries] of packages) {
      if (entries instanceof Uint8Array) continue;
      const advisories = Object.fromEntries([...entries.keys()].map((id) => [id, jsonOf(boltText(entries, id))]));
      const value: TrivyRecord = {
        trivyBucket: bucket,
        package: name,
        advisories,
        detailsOf: (id) => jsonOf(boltText(details, id)),
        dataSource,
        productOf,
      };
      yield { path: `${path}!/${bucket}/${name}`, value };
    }
  }
}

function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
