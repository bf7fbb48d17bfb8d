// SPDX-License-Identifier: Apache-2.0
// Runs one feed over values or texts, for tests.
import type { Feed } from '../../src/advisories/feed.ts';
import { FeedOutput } from '../../src/advisories/feed.ts';
import { recordsOf } from '../../src/advisories/feed-files.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import { defaultLimits } from '../../src/model/limits.ts';

export interface FeedReading {
  readonly advisories: readonly Advisory[];
  readonly output: FeedOutput;
  readonly problems: readonly string[];
  readonly skipped: Readonly<Record<string, number>>;
}

/** Feeds values as records; `path` is that of every record. */
export function readFeed(feed: Feed, values: readonly unknown[], path = 'record.json'): FeedReading {
  const output = new FeedOutput();
  for (const value of values) feed.read({ path, value }, output);
  return readingOf(output);
}

/** Feeds the records of one file. */
export function readFeedFile(feed: Feed, path: string, content: string | Uint8Array): FeedReading {
  const output = new FeedOutput();
  const reading = { limits: defaultLimits, onProblem: output.problem.bind(output) };
  for (const record of recordsOf({ path, bytes: Buffer.from(content) }, reading)) feed.read(record, output);
  return readingOf(output);
}

function readingOf(output: FeedOutput): FeedReading {
  return {
    advisories: [...output.advisories],
    output,
    problems: output.problems.map((problem) => problem.message),
    skipped: Object.fromEntries(output.skipped),
  };
}
