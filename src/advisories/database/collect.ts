// SPDX-License-Identifier: Apache-2.0
// Reads the inputs of a build through their feeds and says what became of every part of them.
import type { Advisory } from '../../model/advisory.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { Feed, SkippedPart } from '../feed.ts';
import { FeedOutput } from '../feed.ts';
import type { FeedFile } from '../feed-files.ts';
import { recordsOf } from '../feed-files.ts';
import { feedOf, feeds, recogniseFeed } from '../feeds/index.ts';
import type { DatabaseContent } from './assemble.ts';

export interface FeedInput {
  /** Id of a feed; without it every record is recognised by its shape. */
  readonly feed?: string;
  /** What the user named, for reports. */
  readonly name: string;
  readonly files: Iterable<FeedFile>;
  /** true when the input is known to be a sample: ecosystems that have nothing else are marked partial. */
  readonly sample?: boolean;
  /**
   * RFC 3339 date up to which the input reaches, where its records do not say it themselves (most of Go's have no date). It counts for
   * every source in the input.
   */
  readonly asOf?: string;
  /** Leaves out advisories that may not be published. */
  readonly accept?: (advisory: Advisory) => boolean;
}

export interface InputReport {
  readonly name: string;
  /** Feeds that read records of it. */
  readonly feeds: readonly string[];
  readonly records: number;
  /** Advisories that it added. */
  readonly advisories: number;
}

export interface Collection {
  readonly content: DatabaseContent;
  readonly inputs: readonly InputReport[];
  readonly skipped: ReadonlyMap<SkippedPart, number>;
  /** The first few hundred; `problemCount` has all. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** Reads all inputs, in order. Throws USAGE for an unknown feed and nothing else. */
export function collectFeeds(inputs: readonly FeedInput[], limits: Limits): Collection {
  const output = new FeedOutput();
  const sampled = new Set<string>();
  const complete = new Set<string>();
  const asOf = new Map<string, string>();
  const reports = inputs.map((input) => {
    const ecosystems = input.sample === true ? sampled : complete;
    output.accept = (advisory) => {
      if (input.accept?.(advisory) === false) return false;
      for (const affected of advisory.affected) ecosystems.add(affected.ecosystem);
      if (input.asOf !== undefined && input.asOf > (asOf.get(advisory.source) ?? ''))
        asOf.set(advisory.source, input.asOf);
      return true;
    };
    return readInput(input, output, limits);
  });
  const partial = new Set([...sampled].filter((ecosystem) => !complete.has(ecosystem)));
  return {
    content: {
      advisories: output.advisories,
      context: output.context,
      contextSources: output.contextSources,
      partial,
      asOf,
    },
    inputs: reports,
    skipped: output.skipped,
    problems: output.problems,
    problemCount: output.problemCount,
  };
}

function readInput(input: FeedInput, output: FeedOutput, limits: Limits): InputReport {
  const named = input.feed === undefined ? undefined : feedNamed(input.feed);
  const before = output.advisoryCount;
  const used = new Set<string>();
  let records = 0;
  for (const file of input.files) {
    let unknown = 0;
    for (const record of recordsOf(file, { limits, onProblem: (problem) => output.problem(problem) })) {
      records += 1;
      const feed = named ?? recogniseFeed(record);
      if (feed === undefined) unknown += 1;
      else {
        used.add(feed.id);
        feed.read(record, output);
      }
    }
    if (unknown > 0) {
      const message = `${unknown} records are of no known feed`;
      output.problem({ kind: 'unsupported', message, location: { path: file.path }, hidesFindings: false });
    }
  }
  return { name: input.name, feeds: [...used].sort(), records, advisories: output.advisoryCount - before };
}

function feedNamed(id: string): Feed {
  const feed = feedOf(id);
  if (feed !== undefined) return feed;
  const known = feeds.map((item) => item.id).join(', ');
  throw new LandwaiterError({ code: 'USAGE', message: `there is no feed "${id}"`, hint: `feeds: ${known}` });
}
