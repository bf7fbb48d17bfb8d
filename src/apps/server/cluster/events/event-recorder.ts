// SPDX-License-Identifier: Apache-2.0
// Writes Events, in nobody's way: taking one in costs a look into a map, writing goes on beside everything else, one after the other and at a low pace. What happens
// again is counted in the series of the Event that is there; many of a kind are told together; what there is no room for is dropped and counted. Events are never
// a reason to fail, to wait or to grow.
import type { Clock } from '../../../../io/clock.ts';
import type { KubeClient } from '../../../../io/kube/client.ts';
import type { KubeChange } from '../../../../io/kube/outcome.ts';
import type { Logger } from '../../../../io/log.ts';
import { messageOf } from '../../../../model/error.ts';
import { ToldOnce } from '../told-once.ts';
import type { ClusterEvent, EventText } from './cluster-event.ts';
import { describeReference, eventObject, shortNote } from './cluster-event.ts';

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** `landwaiter.dev/admission`. */
  readonly controller: string;
  /** Which replica. */
  readonly instance: string;
  /** Makes names of Events; letters and digits. */
  readonly newId: () => string;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly limits?: Partial<EventLimits>;
}

export interface EventLimits {
  /** Events that are waiting or remembered, and families. */
  readonly kept: number;
  readonly families: number;
  /** So many of a family are told by themselves within so many milliseconds. */
  readonly alone: number;
  readonly within: number;
  /** Writes a second in the long run, and at once after a quiet time. */
  readonly perSecond: number;
  readonly burst: number;
  /** Milliseconds between two writes of the same series, and without anything new until an Event is forgotten. */
  readonly seriesEvery: number;
  readonly forgottenAfter: number;
}

const usualLimits: EventLimits = {
  kept: 1_000,
  families: 1_000,
  alone: 10,
  within: 600_000,
  perSecond: 2,
  burst: 50,
  seriesEvery: 60_000,
  forgottenAfter: 600_000,
};
const tick = 1_000;
/** Milliseconds without another attempt: after a failure, and when this account may not write Events. */
const rest = { failure: 10_000, forbidden: 60_000 };
const attempts = 5;
/** Milliseconds for one write. */
const patience = 5_000;

interface Kept {
  readonly event: EventText;
  id: string;
  readonly first: number;
  /** Milliseconds since 1970 and of the clock that only grows. */
  last: number;
  seen: number;
  count: number;
  /** Undefined: it waits to be written for the first time. */
  written: { readonly count: number; readonly at: number } | undefined;
  failures: number;
}

export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #limits: EventLimits;
  readonly #kept = new Map<string, Kept>();
  readonly #families = new Map<string, { readonly since: number; count: number }>();
  readonly #told: ToldOnce;
  readonly #closing = new AbortController();
  #tokens: number;
  #filledAt: number;
  #restsUntil = 0;
  #tidiedAt = Number.NEGATIVE_INFINITY;
  #written = 0;
  #dropped = 0;
  #failed = 0;
  #running: Promise<void>;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#told = new ToldOnce(options.log);
    this.#tokens = this.#limits.burst;
    this.#filledAt = options.clock.elapsed();
    this.#running = this.#run();
  }

  /** `written`: Events and series of them. `dropped`: there was no room, or the family had enough. `failed`: the server did not take it. */
  get counts(): { readonly written: number; readonly dropped: number; readonly failed: number } {
    return { written: this.#written, dropped: this.#dropped, failed: this.#failed };
  }

  /** Returns at once; never throws. */
  offer(event: ClusterEvent): void {
    const key = keyOf(event, event.family);
    if (this.#again(key)) return;
    if (this.#isAlone(event.family)) this.#keep(key, event);
    else if (event.others === undefined) this.#dropped += 1;
    else {
      const shared = keyOf(event.others, event.family);
      if (!this.#again(shared)) this.#keep(shared, event.others);
    }
  }

  /** What waits is dropped; resolves when nothing is being written. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  #again(key: string): boolean {
    const known = this.#kept.get(key);
    if (known === undefined) return false;
    known.count += 1;
    known.last = this.#options.clock.now();
    known.seen = this.#options.clock.elapsed();
    return true;
  }

  #isAlone(family: string): boolean {
    const now = this.#options.clock.elapsed();
    const { within, alone, families } = this.#limits;
    const known = this.#families.get(family);
    if (known !== undefined && now - known.since < within) {
      known.count += 1;
      return known.count <= alone;
    }
    this.#families.delete(family);
    const [oldest] = this.#families.keys();
    if (this.#families.size >= families && oldest !== undefined) this.#families.delete(oldest);
    this.#families.set(family, { since: now, count: 1 });
    return true;
  }

  #keep(key: string, { type, reason, action, regarding, related, note }: EventText): void {
    const { clock, newId } = this.#options;
    const elapsed = clock.elapsed();
    if (this.#kept.size >= this.#limits.kept && !this.#makeRoom(elapsed)) {
      this.#dropped += 1;
      return;
    }
    const now = clock.now();
    const text = shortNote(note);
    const event = { type, reason, action, regarding, ...(related === undefined ? {} : { related }), note: text };
    const times = { first: now, last: now, seen: elapsed };
    this.#kept.set(key, { event, id: newId(), ...times, count: 1, written: undefined, failures: 0 });
  }

  /** What was told and has not happened again makes room, looked for once a second at most. */
  #makeRoom(elapsed: number): boolean {
    if (elapsed - this.#tidiedAt < tick) return false;
    this.#tidiedAt = elapsed;
    for (const [key, { written, count }] of this.#kept) if (written?.count === count) this.#kept.delete(key);
    return this.#kept.size < this.#limits.kept;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { pause, log, clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await pause(tick, signal);
      if (signal.aborted) return;
      try {
        const now = clock.elapsed();
        const { perSecond, burst, forgottenAfter } = this.#limits;
        this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1_000) * perSecond);
        this.#filledAt = now;
        for (const [key, { written, count, seen }] of this.#kept)
          if (written?.count === count && now - seen >= forgottenAfter) this.#kept.delete(key);
        await this.#writeDue(now);
      } catch (error) {
        this.#restsUntil = clock.elapsed() + rest.failure;
        log.error(`events: ${messageOf(error)}`);
      }
    }
  }

  /** First what nobody has heard of, then what went on. */
  async #writeDue(now: number): Promise<void> {
    const { seriesEvery } = this.#limits;
    const all = [...this.#kept];
    const due = [
      ...all.filter(([, { written }]) => written === undefined),
      ...all.filter(
        ([, { written, count }]) => written !== undefined && written.count < count && now - written.at >= seriesEvery,
      ),
    ];
    for (const [key, kept] of due) {
      if (this.#tokens < 1 || this.#closing.signal.aborted || this.#options.clock.elapsed() < this.#restsUntil) return;
      this.#tokens -= 1;
      await this.#write(key, kept);
    }
  }

  async #write(key: string, kept: Kept): Promise<void> {
    const { client, clock, controller, instance } = this.#options;
    const { event, id, count, first, last } = kept;
    // Server-side apply makes what is not there and changes what is; written twice it is the same.
    const change = await client.apply(eventObject({ event, id, controller, instance, count, first, last }), {
      fieldManager: 'landwaiter-events',
      force: true,
      time: patience,
      signal: this.#closing.signal,
    });
    if (change.kind === 'done') {
      kept.written = { count, at: clock.elapsed() };
      kept.failures = 0;
      this.#written += 1;
      return;
    }
    if (this.#closing.signal.aborted) return;
    this.#told.tell(`an Event about ${describeReference(event.regarding)} is not written: ${reasonOf(change)}`);
    const isForbidden =
      change.kind === 'unknown'
        ? change.fault === 'forbidden' || change.fault === 'unauthorized'
        : change.reason === 'Forbidden' && !change.causes.some(({ reason }) => reason === 'NamespaceTerminating');
    if (isForbidden) this.#restsUntil = clock.elapsed() + rest.forbidden;
    else if (change.kind === 'unknown')
      this.#restsUntil = clock.elapsed() + Math.max(rest.failure, (change.retryAfter ?? 0) * 1_000);
    kept.failures += 1;
    if (change.kind === 'unknown' && !isForbidden && kept.failures < attempts) return;
    this.#failed += 1;
    this.#kept.delete(key);
  }
}

function reasonOf(change: Exclude<KubeChange<unknown>, { readonly kind: 'done' }>): string {
  return change.kind === 'refused' ? change.message : change.reason;
}

function keyOf({ reason, action, regarding, related }: EventText, family: string): string {
  return JSON.stringify([family, reason, action, regarding, related]);
}
