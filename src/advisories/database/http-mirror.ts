// SPDX-License-Identifier: Apache-2.0
// A mirror behind an HTTP(S) base URL: any server of static files will do. Resumes with Range requests, follows few redirects and never
// from https to http, and gives up on a server that stops sending. What arrives is not trusted: update.ts checks every digest.
import { LandwaiterError, messageOf } from '../../model/error.ts';
import { mirrorFailed } from './failures.ts';
import type { Mirror, MirrorStream } from './mirror.ts';

export interface HttpOptions {
  readonly fetch: typeof fetch;
  /** Milliseconds without a byte after which a request is given up. */
  readonly stall: number;
  /** Sent with every request to the mirror's own origin, and to no other: credentials of a private mirror. */
  readonly headers?: Readonly<Record<string, string>>;
}

const maximumRedirects = 5;

export function httpMirror(base: URL, options: HttpOptions): Mirror {
  const root = new URL(base.href.endsWith('/') ? base.href : `${base.href}/`);
  const name = `${root.origin}${root.pathname}`;
  return {
    name,
    read: async (path, maximum) => {
      const response = await request(new URL(path, root), { ...options, root, range: undefined });
      const parts: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of response.chunks) {
        bytes += chunk.length;
        if (bytes > maximum) {
          throw new LandwaiterError({
            code: 'LIMIT_EXCEEDED',
            message: `${name}${path} has more than ${maximum} bytes`,
          });
        }
        parts.push(chunk);
      }
      return Buffer.concat(parts);
    },
    stream: async (path, offset): Promise<MirrorStream> =>
      request(new URL(path, root), { ...options, root, range: offset }),
  };
}

interface RequestOptions extends HttpOptions {
  readonly root: URL;
  /** First byte wanted; undefined for a whole small file. */
  readonly range: number | undefined;
}

async function request(first: URL, options: RequestOptions): Promise<MirrorStream> {
  let url = first;
  for (let redirects = 0; redirects <= maximumRedirects; redirects += 1) {
    const guard = new StallGuard(options.stall);
    const response = await send(url, options, guard);
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) return accept(response, { url, guard, range: options.range });
    guard.end();
    await response.body?.cancel();
    url = redirected(url, location);
  }
  throw mirrorFailed(`${first.href}: more than ${maximumRedirects} redirects`);
}

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw mirrorFailed(`${from.href}: redirects to something that is no URL`);
  const to = new URL(location, from);
  const isDowngrade = from.protocol === 'https:' && to.protocol !== 'https:';
  if (isDowngrade || (to.protocol !== 'https:' && to.protocol !== 'http:')) {
    throw mirrorFailed(`${from.href}: redirects to ${to.protocol} which is not followed`);
  }
  return to;
}

async function send(url: URL, options: RequestOptions, guard: StallGuard): Promise<Response> {
  const own = url.origin === options.root.origin ? options.headers : undefined;
  const range = options.range === undefined || options.range === 0 ? {} : { range: `bytes=${options.range}-` };
  // Content must arrive as stored: ranges and digests are over the file, not over a compressed transfer.
  const headers = { ...own, ...range, 'accept-encoding': 'identity' };
  try {
    return await options.fetch(url.href, { headers, redirect: 'manual', signal: guard.signal });
  } catch (error) {
    guard.end();
    throw mirrorFailed(`${url.href}: ${reasonOf(error, guard)}`, error);
  }
}

interface Accepted {
  readonly url: URL;
  readonly guard: StallGuard;
  readonly range: number | undefined;
}

/** The start of what the server sends: it may answer a Range request with the whole file. */
async function accept(response: Response, { url, guard, range }: Accepted): Promise<MirrorStream> {
  const refuse = async (reason: string): Promise<never> => {
    guard.end();
    await response.body?.cancel();
    throw new MirrorRefused(url.href, response.status, reason);
  };
  if (response.status === 206) {
    const start = /^bytes (\d{1,15})-/.exec(response.headers.get('content-range') ?? '')?.[1];
    if (start === undefined || Number(start) !== range) return refuse('sent another range than it was asked for');
    return { start: Number(start), chunks: chunksOf(response, { url, guard, range }) };
  }
  if (response.status !== 200) return refuse(`answered ${response.status}`);
  return { start: 0, chunks: chunksOf(response, { url, guard, range }) };
}

async function* chunksOf(response: Response, { url, guard }: Accepted): AsyncGenerator<Uint8Array> {
  try {
    if (response.body === null) return;
    for await (const chunk of response.body) {
      guard.progress();
      yield chunk;
    }
  } catch (error) {
    throw mirrorFailed(`${url.href}: ${reasonOf(error, guard)}`, error);
  } finally {
    guard.end();
  }
}

function reasonOf(error: unknown, guard: StallGuard): string {
  if (guard.signal.aborted) return 'no byte came for too long';
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : messageOf(cause);
}

/** The server answered and said no: asking again the same way is of no use, unless the status says "later". */
export class MirrorRefused extends LandwaiterError {
  readonly status: number;

  constructor(url: string, status: number, reason: string) {
    super({
      code: 'NETWORK_FAILED',
      message: `${url}: ${reason}`,
      hint: 'check the address of the mirror, or name another one',
    });
    this.status = status;
  }

  get isTemporary(): boolean {
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Ends a request when nothing arrives for some time. */
class StallGuard {
  readonly #controller = new AbortController();
  readonly #stall: number;
  #timer: NodeJS.Timeout;

  constructor(stall: number) {
    this.#stall = stall;
    this.#timer = setTimeout(() => this.#controller.abort(), stall);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  progress(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#stall);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
