// SPDX-License-Identifier: Apache-2.0
// A small pool of worker threads, started only when work arrives. A task is a message to the module `script`, which answers each
// message `{input}` with any number of `{part}`, then `{output}` or `{error}` (see serveTasks). Large inputs travel as SharedArrayBuffer or file paths.
import { setFlagsFromString } from 'node:v8';
import type { ResourceLimits } from 'node:worker_threads';
import { parentPort, Worker } from 'node:worker_threads';
import { LandwaiterError, messageOf } from '../model/error.ts';

interface Task<I, O> {
  readonly input: I;
  readonly onPart: ((part: never) => void) | undefined;
  readonly resolve: (output: O) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane<I, O> {
  readonly worker: Worker;
  task: Task<I, O> | undefined;
}

export interface PoolOptions {
  /**
   * Megabytes a thread's heap may grow to before it is collected in earnest: a heap that begins small is collected whenever it has doubled, and
   * more often when large buffers hang on it (docs/images.md).
   */
  readonly initialHeap?: number;
  /** Megabytes for what a thread made last. V8 would take 48; where little outlives a chunk of a stream, fewer cost no time. */
  readonly youngHeap?: number;
}

export class WorkerPool<I, O> {
  readonly #script: URL;
  readonly #size: number;
  readonly #limits: ResourceLimits;
  readonly #lanes: Lane<I, O>[] = [];
  readonly #queue: Task<I, O>[] = [];
  #closed = false;

  /** At most `size` threads. Starting one costs about 40 ms: use a pool only for work of more than 200 ms. */
  constructor(script: URL, size: number, options: PoolOptions = {}) {
    // Holds for threads that are started from now on, not for the one that runs.
    if (options.initialHeap !== undefined) setFlagsFromString(`--initial-heap-size=${options.initialHeap}`);
    this.#limits = options.youngHeap === undefined ? {} : { maxYoungGenerationSizeMb: options.youngHeap };
    this.#script = script;
    this.#size = Math.max(1, size);
  }

  /**
   * Queues one task. `onPart` gets what the task sends before its answer, in that order. Rejects when the task throws, the thread dies (memory, exit) or the
   * pool is closed; parts may have come before.
   */
  run(input: I, onPart?: (part: never) => void): Promise<O> {
    if (this.#closed) return Promise.reject(poolError('the worker pool is closed', undefined));
    return new Promise((resolve, reject) => {
      this.#queue.push({ input, onPart, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends all threads at once; tasks that have not ended are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#queue.splice(0)) task.reject(poolError('the worker pool was closed', undefined));
    await Promise.all(this.#lanes.splice(0).map((lane) => lane.worker.terminate()));
  }

  #dispatch(): void {
    let lane = this.#lanes.find((candidate) => candidate.task === undefined);
    if (lane === undefined && this.#lanes.length < this.#size && this.#queue.length > 0) lane = this.#start();
    if (lane === undefined) return;
    const task = this.#queue.shift();
    if (task === undefined) return;
    lane.task = task;
    lane.worker.ref();
    lane.worker.postMessage({ input: task.input });
  }

  #start(): Lane<I, O> {
    const lane: Lane<I, O> = { worker: new Worker(this.#script, { resourceLimits: this.#limits }), task: undefined };
    lane.worker.unref();
    lane.worker.on('message', (answer: { readonly part?: never; readonly output?: O; readonly error?: string }) => {
      const { task } = lane;
      if ('part' in answer) {
        task?.onPart?.(answer.part);
        return;
      }
      lane.task = undefined;
      lane.worker.unref();
      if (answer.error === undefined) task?.resolve(answer.output as O);
      else task?.reject(poolError(answer.error, undefined));
      this.#dispatch();
    });
    const lose = (cause: unknown): void => {
      const at = this.#lanes.indexOf(lane);
      if (at !== -1) this.#lanes.splice(at, 1);
      lane.task?.reject(poolError('a worker thread ended before its task', cause));
      lane.task = undefined;
      if (!this.#closed) this.#dispatch();
    };
    lane.worker.on('error', lose);
    lane.worker.on('exit', () => lose(undefined));
    this.#lanes.push(lane);
    return lane;
  }
}

/** What a task sends before its answer: large results in portions need not stand in both threads at once. */
export type SendPart = (part: unknown) => void;

/** For the worker's module: answers every task with what `handle` returns. */
export function serveTasks(handle: (input: never, send: SendPart) => unknown): void {
  parentPort?.on('message', (message: { readonly input: never }) => {
    void answer(handle, message.input);
  });
}

async function answer(handle: (input: never, send: SendPart) => unknown, input: never): Promise<void> {
  try {
    const output = await handle(input, (part) => parentPort?.postMessage({ part }));
    parentPort?.postMessage({ output });
  } catch (error) {
    parentPort?.postMessage({ error: messageOf(error) });
  }
}

function poolError(message: string, cause: unknown): LandwaiterError {
  return new LandwaiterError({ code: 'INTERNAL', message, cause });
}
