// SPDX-License-Identifier: Apache-2.0
// What a feed is: it turns the records of one publisher's format into advisories. One file per feed; the list is feeds/index.ts.
import type { Advisory, AffectedPackage } from '../model/advisory.ts';
import type { Problem } from '../model/problem.ts';
import type { VulnerabilityContext } from './lookup.ts';

/** One document of a feed: a file, an entry of an archive, or a line of a JSONL file. */
export interface FeedRecord {
  /** Path of the document as the publisher names it. */
  readonly path: string;
  /** Parsed JSON, YAML or TOML; text for formats of their own (CSV, lists). */
  readonly value: unknown;
}

export interface Feed {
  /** Named on the command line: `db build --input osv=all.zip`. */
  readonly id: string;
  /** Publisher and form, in a few words. */
  readonly title: string;
  /** true when the record is surely of this feed: lets `db import FILE` do without the id. */
  recognises(record: FeedRecord): boolean;
  /** Never throws; what cannot be read becomes a problem or a counted skip. */
  read(record: FeedRecord, output: FeedOutput): void;
}

/** Identity function that fixes the type. */
export function defineFeed(feed: Feed): Feed {
  return feed;
}

/** Why a record or a part of one was left out on purpose. */
export type SkippedPart =
  | 'git range' // commits are not versions of packages
  | 'no versions' // neither a range nor a list
  | 'no package'
  | 'no identifier'
  | 'not security' // errata that fix bugs
  | 'not affected'
  | 'joined conditions' // several things must be vulnerable together
  | 'unknown release'
  | 'not an advisory'; // another file of the publisher's repository

/** At most this many problems are kept; all are counted. */
const keptProblems = 200;

/** Collects what a feed finds. Advisories with the same source and id are one. */
export class FeedOutput {
  /** Asked for every advisory (or part of one) before it is kept; set anew for every input. */
  accept: (advisory: Advisory) => boolean = () => true;
  readonly #advisories = new Map<string, Advisory>();
  /** The growing lists of advisories that come in parts. */
  readonly #parts = new Map<string, AffectedPackage[]>();
  readonly #context = new Map<string, VulnerabilityContext>();
  readonly #skipped = new Map<SkippedPart, number>();
  readonly #problems: Problem[] = [];
  #problemCount = 0;
  readonly #contextSources = new Map<string, string>();

  get advisories(): Iterable<Advisory> {
    return this.#advisories.values();
  }

  get advisoryCount(): number {
    return this.#advisories.size;
  }

  get context(): ReadonlyMap<string, VulnerabilityContext> {
    return this.#context;
  }

  /** Sources of the context facts with the newest date they state. */
  get contextSources(): ReadonlyMap<string, string> {
    return this.#contextSources;
  }

  get skipped(): ReadonlyMap<SkippedPart, number> {
    return this.#skipped;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get problemCount(): number {
    return this.#problemCount;
  }

  /** Adds a whole advisory. Met again, the one modified later counts; of equals the one whose text sorts last, so that order does not matter. */
  replace(advisory: Advisory): void {
    if (!this.accept(advisory)) return;
    const key = keyOf(advisory);
    const known = this.#advisories.get(key);
    if (known === undefined || isNewer(advisory, known)) this.#advisories.set(key, advisory);
  }

  /** Adds a part of an advisory that the feed spreads over several records (one per package or release). */
  combine(advisory: Advisory): void {
    this.#combine(keyOf(advisory), advisory);
  }

  /** The same for a feed that speaks of each vulnerability an erratum repairs on its own: these stay apart. */
  combineByFix(advisory: Advisory): void {
    this.#combine([keyOf(advisory), ...(advisory.fixes ?? [])].join('\n'), advisory);
  }

  #combine(key: string, advisory: Advisory): void {
    if (!this.accept(advisory)) return;
    const known = this.#parts.get(key);
    if (known === undefined) {
      const affected = [...advisory.affected];
      this.#parts.set(key, affected);
      this.#advisories.set(key, { ...advisory, affected });
      return;
    }
    // Growing the list in place keeps a CVE with thousands of packages from costing a copy for each.
    known.push(...advisory.affected);
    const first = this.#advisories.get(key) ?? advisory;
    this.#advisories.set(key, {
      ...first,
      aliases: [...new Set([...first.aliases, ...advisory.aliases])].sort(),
      cwes: [...new Set([...first.cwes, ...advisory.cwes])].sort(),
      severities: first.severities.length >= advisory.severities.length ? first.severities : advisory.severities,
      affected: known,
    });
  }

  addContext(cve: string, facts: VulnerabilityContext): void {
    this.#context.set(cve, { ...this.#context.get(cve), ...facts });
  }

  noteContextSource(source: string, date: string): void {
    const known = this.#contextSources.get(source);
    if (known === undefined || date > known) this.#contextSources.set(source, date);
  }

  skip(part: SkippedPart, count = 1): void {
    this.#skipped.set(part, (this.#skipped.get(part) ?? 0) + count);
  }

  problem(problem: Problem): void {
    this.#problemCount += 1;
    if (this.#problems.length < keptProblems) this.#problems.push(problem);
  }

  /** The commonest problem: a document that does not have the shape of its feed. */
  malformed(path: string, message: string): void {
    this.problem({ kind: 'schema', message, location: { path }, hidesFindings: true });
  }
}

function keyOf(advisory: Advisory): string {
  return `${advisory.source}\n${advisory.id}`;
}

function isNewer(candidate: Advisory, known: Advisory): boolean {
  const dates = [candidate.modified ?? '', known.modified ?? ''] as const;
  if (dates[0] !== dates[1]) return dates[0] > dates[1];
  return JSON.stringify(candidate) > JSON.stringify(known);
}
