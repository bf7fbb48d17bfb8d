// SPDX-License-Identifier: Apache-2.0
// Keeps a projection of all objects of one kind up to date: reads them once (one stream where the server can, else pages), follows what changes, goes on
// where a broken stream ended, and begins again only when the server has forgotten that moment (410).
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { messageOf } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { KubeResource, Watch, WatchHandler, WatchOptions, WatchState } from './client.ts';
import { listPages, withKind } from './list-pages.ts';
import { ObjectStore } from './object-store.ts';
import type { KubeOutcome, KubeUnknown } from './outcome.ts';
import { KubeError } from './outcome.ts';
import type { Backoff, KubePace } from './pace.ts';
import { backoffDelay, wishedDelay } from './pace.ts';
import type { KubeSender } from './sender.ts';
import type { StreamEvent } from './watch-stream.ts';
import { watchStream } from './watch-stream.ts';

export interface ReflectorParts {
  readonly sender: KubeSender;
  readonly pace: KubePace;
  /** Asked again before each new list: the kind may not exist yet, or any more. */
  readonly find: () => Promise<KubeOutcome<KubeResource>>;
  /** For messages. */
  readonly what: string;
  /** Objects that are kept at most; more is a failure of the watch. */
  readonly maximum?: number;
}

const backoff: Backoff = { first: 500, longest: 30_000 };
/** Seconds of one stream: a random time, so that a restarted server does not get all watches back at once. */
const streamSeconds = { least: 300, more: 300 };
/** A stream that lived this long (milliseconds) has not failed at the start. */
const settled = 5_000;
/** Milliseconds of silence: while objects are still coming, and after a bookmark has shown that this server sends them each minute. */
const initialQuiet = 30_000;
const bookmarkQuiet = 150_000;
const endMark = 'k8s.io/initial-events-end';

export function reflect<T>(parts: ReflectorParts, handler: WatchHandler<T>, options: WatchOptions = {}): Watch<T> {
  const reflector = new Reflector(parts, handler, options);
  void reflector.run();
  return reflector;
}

class Reflector<T> implements Watch<T> {
  readonly synced: Promise<void>;
  readonly #parts: ReflectorParts;
  readonly #handler: WatchHandler<T>;
  readonly #options: WatchOptions;
  readonly #store: ObjectStore<T>;
  readonly #closing = new AbortController();
  #resolveSynced: () => void = () => undefined;
  #rejectSynced: (error: Error) => void = () => undefined;
  #version: string | undefined;
  #phase: WatchState['phase'] = 'starting';
  #heardAt: number | undefined;
  #lastFailure: KubeUnknown | undefined;
  #lists = 0;
  #resumptions = 0;
  #canStreamInitial: boolean;
  #hasBookmarks = false;

  constructor(parts: ReflectorParts, handler: WatchHandler<T>, options: WatchOptions) {
    this.#parts = parts;
    this.#handler = handler;
    this.#options = options;
    this.#canStreamInitial = options.initial !== 'pages';
    this.#store = new ObjectStore(handler, {
      maximum: parts.maximum ?? defaultLimits.kubeObjects,
      what: parts.what,
      failed: (unknown) => this.#fail(unknown),
    });
    this.synced = new Promise((resolve, reject) => {
      this.#resolveSynced = resolve;
      this.#rejectSynced = reject;
    });
    // Who does not wait for it must not be told either.
    this.synced.catch(() => undefined);
    const { signal } = options;
    if (signal?.aborted === true) this.close();
    signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.#closing.signal });
  }

  get objects(): ReadonlyMap<string, T> {
    return this.#store.objects;
  }

  get state(): WatchState {
    return {
      phase: this.#phase,
      heardAt: this.#heardAt,
      resourceVersion: this.#version,
      lastFailure: this.#lastFailure,
      lists: this.#lists,
      resumptions: this.#resumptions,
    };
  }

  close(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#closing.abort();
    this.#rejectSynced(new KubeError({ fault: 'ended', reason: `${this.#parts.what} was closed` }));
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { pace } = this.#parts;
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      const started = pace.now();
      const failure = await this.#round();
      if (signal.aborted) return;
      if (pace.now() - started >= settled) failures = 0;
      if (failure === undefined) {
        // The server ended it in good order. At once and again and again would be a loop.
        if (pace.now() - started < 1_000) await pace.pause(backoffDelay((failures += 1), backoff, pace.random), signal);
        continue;
      }
      failures += 1;
      this.#fail(failure);
      const { retryAfter } = failure;
      const usual = backoffDelay(failures, backoff, pace.random);
      const wished = retryAfter === undefined ? 0 : wishedDelay(Math.min(retryAfter, 300), backoff, pace.random);
      await pace.pause(Math.max(usual, wished), signal);
    }
  }

  #fail(unknown: KubeUnknown): void {
    this.#lastFailure = unknown;
    if (this.#phase === 'live') this.#phase = 'behind';
    this.#handler.failed?.(unknown);
  }

  /** One list with its stream, or one stream. What stopped it; undefined: the server did, in good order. */
  async #round(): Promise<KubeUnknown | undefined> {
    try {
      const found = await this.#parts.find();
      if (found.kind === 'unknown') return found;
      if (found.kind === 'none') {
        // What is not served has no objects; it may come.
        this.#version = undefined;
        if (this.#store.objects.size > 0) this.#store.begin().commit();
        return {
          kind: 'unknown',
          fault: 'invalid',
          reason: `${this.#parts.what}: the server has no such kind`,
          status: 404,
        };
      }
      if (this.#version === undefined) {
        if (this.#canStreamInitial) {
          await this.#follow(found.value, 'initial');
          return undefined;
        }
        await this.#list(found.value);
      } else {
        this.#resumptions += 1;
      }
      await this.#follow(found.value, 'resumed');
      return undefined;
    } catch (error) {
      if (!(error instanceof KubeError)) return defect(error, this.#parts.what);
      if (error.unknown.fault === 'expired') this.#version = undefined;
      return error.unknown;
    }
  }

  async #list(resource: KubeResource): Promise<void> {
    this.#lists += 1;
    const filling = this.#store.begin();
    let version = '';
    for await (const page of listPages(this.#parts.sender, resource, {
      ...this.#options,
      signal: this.#closing.signal,
      expired: 'throw',
    })) {
      this.#heardAt = this.#parts.pace.now();
      for (const object of page.items) filling.put(object);
      version = page.resourceVersion;
    }
    filling.commit();
    this.#version = version === '' ? undefined : version;
    this.#live();
    if (this.#version === undefined)
      throw new KubeError({ fault: 'invalid', reason: `${this.#parts.what}: the list states no resourceVersion` });
  }

  async #follow(resource: KubeResource, mode: 'initial' | 'resumed'): Promise<void> {
    const { pace, sender } = this.#parts;
    const timeoutSeconds = Math.round(streamSeconds.least + streamSeconds.more * pace.random());
    const end = pace.now() + (timeoutSeconds + 15) * 1_000;
    let filling = mode === 'initial' ? this.#store.begin() : undefined;
    if (filling !== undefined) this.#lists += 1;
    // A server that sends bookmarks is never silent for long; of others only the end is known.
    const quiet = (): number => {
      if (filling !== undefined) return initialQuiet;
      const left = Math.max(1_000, end - pace.now());
      return this.#hasBookmarks ? Math.min(bookmarkQuiet, left) : left;
    };
    let isAccepted = false;
    try {
      const stream = watchStream(sender, resource, {
        ...this.#options,
        ...(mode === 'resumed' && this.#version !== undefined ? { resourceVersion: this.#version } : {}),
        initialEvents: mode === 'initial',
        timeoutSeconds,
        quiet,
        signal: this.#closing.signal,
      });
      for await (const events of stream) {
        isAccepted = true;
        this.#heardAt = pace.now();
        if (filling === undefined) this.#live();
        for (const event of events) {
          const version = versionOf(event.object);
          if (filling === undefined) this.#apply(event, resource);
          else if (event.type === 'BOOKMARK' && isEndMark(event.object)) {
            filling.commit();
            filling = undefined;
            this.#hasBookmarks = true;
            if (version !== undefined) this.#version = version;
            this.#live();
            continue;
          } else if (event.type === 'DELETED') filling.remove(event.object);
          else if (event.type !== 'BOOKMARK') filling.put(withKind(event.object, resource));
          // Half a list is no place to go on from.
          if (filling === undefined && version !== undefined) this.#version = version;
        }
      }
      if (filling !== undefined)
        throw new KubeError({
          fault: 'unreachable',
          reason: `${this.#parts.what}: the stream ended before all was said`,
        });
    } catch (error) {
      // Older servers refuse, and some never say the end: pages work everywhere. Losing a connection says nothing about that.
      if (filling !== undefined && (!isAccepted || isSilence(error))) this.#doubtInitialStream(error);
      throw error;
    }
  }

  /** Only what the server itself says against the stream (400, 422, silence) counts; throttling, say, does not. */
  #doubtInitialStream(error: unknown): void {
    if (!(error instanceof KubeError)) return;
    const { fault, status } = error.unknown;
    if (fault === 'invalid' || (fault === 'unreachable' && isSilence(error)) || status === 500)
      this.#canStreamInitial = false;
  }

  #apply(event: StreamEvent, resource: KubeResource): void {
    if (event.type === 'BOOKMARK') this.#hasBookmarks = true;
    else if (event.type === 'DELETED') this.#store.remove(event.object);
    else this.#store.put(withKind(event.object, resource));
  }

  #live(): void {
    if (this.#phase === 'closed') return;
    const isFirst = this.#phase === 'starting';
    this.#phase = 'live';
    if (isFirst) this.#resolveSynced();
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof KubeError && error.unknown.fault === 'unreachable' && error.message.includes('was silent');
}

function isEndMark(object: JsonObject): boolean {
  return asObject(asObject(object['metadata'])?.['annotations'])?.[endMark] === 'true';
}

function versionOf(object: JsonObject): string | undefined {
  return asString(asObject(object['metadata'])?.['resourceVersion']) || undefined;
}

/** A defect in a handler must not end the watch of a long run: it is told, and the watch begins again. */
function defect(error: unknown, what: string): KubeUnknown {
  return { kind: 'unknown', fault: 'invalid', reason: `${what}: ${messageOf(error)}` };
}
