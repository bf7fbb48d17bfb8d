// SPDX-License-Identifier: Apache-2.0
// Sends one question and reads the whole answer, with the patience that an API server asks for: throttled requests (429, priority and fairness) and
// failures are repeated as far as that can do no harm, always within the time of the caller.
import type { CallOptions } from './client.ts';
import type { ExchangeAnswer, KubeConnection } from './connection.ts';
import { UnreachableError } from './connection.ts';
import type { KubeCredentials } from './credentials.ts';
import { KubeError } from './outcome.ts';
import type { Backoff, KubePace } from './pace.ts';
import { backoffDelay, wishedDelay } from './pace.ts';
import { retryAfterOf } from './status.ts';

export interface Question extends CallOptions {
  readonly method: string;
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** `yes`: asking twice has the effect of asking once. */
  readonly repeatable: 'yes' | 'no';
  /** Bytes of the answer. */
  readonly maximum: number;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly warnings: readonly string[];
  header(name: string): string | undefined;
}

export interface StreamQuestion {
  readonly path: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  readonly quiet: number;
}

export interface SenderOptions {
  readonly connection: KubeConnection;
  readonly credentials: KubeCredentials;
  readonly pace: KubePace;
}

const backoff: Backoff = { first: 250, longest: 15_000 };
const attempts = 8;
/** Milliseconds for one question with its repetitions, and for silence in between. */
const usualTime = 60_000;
const usualQuiet = 35_000;
/** Nobody of the API server itself answered. Its own failure (500) is asked about again only when reading: a webhook may be behind it. */
const gateway: ReadonlySet<number> = new Set([502, 503, 504]);

export class KubeSender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Any status is an answer. Throws KubeError when no whole answer comes in time. */
  async ask(question: Question): Promise<Answer> {
    const { pace } = this.#options;
    const time = question.time ?? usualTime;
    const end = pace.now() + time;
    const giveUp = new AbortController();
    const abort = (): void => giveUp.abort();
    const timer = setTimeout(abort, time);
    question.signal?.addEventListener('abort', abort, { once: true });
    if (question.signal?.aborted === true) abort();
    try {
      for (let failed = 1; ; failed += 1) {
        const outcome = await this.#attempt(question, giveUp.signal);
        const delay = failed < attempts ? delayBefore(outcome, failed, { question, pace }) : undefined;
        if (delay === undefined || pace.now() + delay >= end || giveUp.signal.aborted) {
          if (outcome instanceof KubeError) throw outcome;
          return outcome;
        }
        await pace.pause(delay, giveUp.signal);
      }
    } finally {
      clearTimeout(timer);
      question.signal?.removeEventListener('abort', abort);
    }
  }

  /** The head of an answer whose body goes on; statuses are the caller's business. Nothing is repeated but refused credentials. */
  async stream(question: StreamQuestion): Promise<ExchangeAnswer> {
    const { path, accept = 'application/json', signal, quiet } = question;
    const { credentials, connection } = this.#options;
    for (let isRepeated = false; ; isRepeated = true) {
      const shown = await credentials.current();
      const answer = await connection.exchange(
        { method: 'GET', path, headers: { accept }, quiet, use: 'stream', ...(signal === undefined ? {} : { signal }) },
        shown,
      );
      if (answer.status !== 401 || isRepeated) return answer;
      answer.discard();
      credentials.refused(shown);
    }
  }

  async #attempt(question: Question, signal: AbortSignal): Promise<Answer | KubeError> {
    const { credentials, connection } = this.#options;
    const { method, path, accept = 'application/json', contentType, body } = question;
    try {
      for (let isRepeated = false; ; isRepeated = true) {
        const shown = await credentials.current();
        const head = await connection.exchange(
          {
            method,
            path,
            headers: {
              ...question.headers,
              accept,
              ...(contentType === undefined ? {} : { 'content-type': contentType }),
            },
            ...(body === undefined ? {} : { body: typeof body === 'string' ? Buffer.from(body) : body }),
            signal,
            quiet: usualQuiet,
            use: 'question',
          },
          shown,
        );
        const answer = await readAnswer(head, question);
        if (answer.status !== 401 || isRepeated) return answer;
        credentials.refused(shown);
      }
    } catch (error) {
      if (error instanceof KubeError) return error;
      throw error;
    }
  }
}

async function readAnswer(head: ExchangeAnswer, { maximum, method, path }: Question): Promise<Answer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of head.body) {
    size += part.length;
    if (size > maximum)
      throw new KubeError({
        fault: 'limit',
        reason: `${method} ${path}: the API server answered with more than ${maximum} bytes`,
        status: head.status,
      });
    parts.push(part);
  }
  const body = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  return { status: head.status, body, warnings: head.warnings, header: (name) => head.header(name) };
}

interface Asked {
  readonly question: Question;
  readonly pace: KubePace;
}

/** Milliseconds; undefined: this is the outcome. */
function delayBefore(outcome: Answer | KubeError, failed: number, { question, pace }: Asked): number | undefined {
  const usual = backoffDelay(failed, backoff, pace.random);
  if (outcome instanceof KubeError) {
    if (!(outcome instanceof UnreachableError)) return undefined;
    return question.repeatable === 'yes' || outcome.isUnsent ? usual : undefined;
  }
  const retryAfter = retryAfterOf(outcome.header('retry-after'));
  // With 429 nothing was done, and neither where the server itself says when to come again.
  if (outcome.status === 429 || (outcome.status >= 500 && retryAfter !== undefined))
    return retryAfter === undefined ? usual : wishedDelay(retryAfter, backoff, pace.random);
  const isPassing = gateway.has(outcome.status) || (outcome.status === 500 && question.method === 'GET');
  return question.repeatable === 'yes' && isPassing ? usual : undefined;
}
