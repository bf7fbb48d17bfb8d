// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 exchange with an API server over kept connections: TLS against the cluster's own authority, an end to servers that stop sending, and
// nothing repeated. Knows nothing of objects.
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { AgentOptions } from 'node:https';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { ClusterAccess } from '../../formats/kubeconfig.ts';
import { messageOf } from '../../model/error.ts';
import type { ShownCredentials } from './credentials.ts';
import { KubeError } from './outcome.ts';

export interface Exchange {
  readonly method: string;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
  /** Milliseconds in which the head must come, and then each next piece of the body. */
  readonly quiet: number;
  /** Streams have connections of their own, so that they never hold up questions. */
  readonly use: 'question' | 'stream';
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly warnings: readonly string[];
  header(name: string): string | undefined;
  /** Throws KubeError when it breaks off. To be read to its end or given up with `discard`. */
  readonly body: AsyncIterable<Buffer>;
  /** Another time for silence from now on. */
  quiet(milliseconds: number): void;
  discard(): void;
}

export interface KubeConnection {
  /** Throws KubeError (`unreachable`, `ended`). `isUnsent` of it says that the server saw nothing of the request. */
  exchange(request: Exchange, shown: ShownCredentials): Promise<ExchangeAnswer>;
  close(): void;
}

export class UnreachableError extends KubeError {
  readonly isUnsent: boolean;

  constructor(reason: string, isUnsent: boolean, cause: unknown) {
    super({ fault: 'unreachable', reason }, cause);
    this.isUnsent = isUnsent;
  }
}

/** Questions that are open at once; more wait in the order of asking. */
const width = 16;
/** API servers close idle connections after 90 s: being earlier avoids sending into one that is just being closed. */
const idle = 60_000;

export function kubeConnection(access: ClusterAccess): KubeConnection {
  const { origin } = new URL(access.server);
  let open: { readonly shown: ShownCredentials; readonly question: HttpAgent; readonly stream: HttpAgent } | undefined;
  const close = (): void => {
    open?.question.destroy();
    open?.stream.destroy();
    open = undefined;
  };
  const agentFor = (use: Exchange['use'], shown: ShownCredentials): HttpAgent => {
    if (open === undefined || !isSameTls(open.shown, shown)) {
      // Connections that are in use go on with the old certificate until their end.
      open = { shown, question: openAgent(access, shown, width), stream: openAgent(access, shown, Infinity) };
    }
    return open[use];
  };
  return {
    close,
    exchange: (request, shown) =>
      exchange(request, { origin, access, agent: agentFor(request.use, shown), headers: shown.headers }),
  };
}

function isSameTls(one: ShownCredentials, other: ShownCredentials): boolean {
  return (
    one.authority === other.authority &&
    one.client?.certificate === other.client?.certificate &&
    one.client?.key === other.client?.key
  );
}

function openAgent(access: ClusterAccess, { client, authority }: ShownCredentials, maxSockets: number): HttpAgent {
  const common = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets, maxFreeSockets: width, timeout: idle };
  const { protocol, hostname } = new URL(access.server);
  if (protocol === 'http:') return new HttpAgent(common);
  const host = hostname.replace(/^\[|\]$/g, '');
  const servername = access.serverName ?? (isIP(host) === 0 ? host : undefined);
  const options: AgentOptions = {
    ...common,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: access.verification === 'on',
    // Only the cluster's own authority vouches for it, where there is one: no public authority may.
    ...(authority === undefined ? {} : { ca: authority }),
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
    ...(servername === undefined ? {} : { servername }),
  };
  return new HttpsAgent(options);
}

interface Way {
  readonly origin: string;
  readonly access: ClusterAccess;
  readonly agent: HttpAgent;
  readonly headers: ShownCredentials['headers'];
}

function exchange(request: Exchange, { origin, access, agent, headers }: Way): Promise<ExchangeAnswer> {
  const url = new URL(access.server);
  const all: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries({ 'user-agent': 'landwaiter', ...request.headers, ...headers }))
    all[name] = typeof value === 'string' ? value : [...value];
  if (request.body !== undefined) all['content-length'] = request.body.length;
  return new Promise((resolve, reject) => {
    if (request.signal?.aborted === true) {
      reject(endedError(origin));
      return;
    }
    let sent: ClientRequest;
    try {
      sent = (url.protocol === 'http:' ? httpRequest : httpsRequest)({
        method: request.method,
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || (url.protocol === 'https:' ? 443 : 80),
        path: url.pathname.replace(/\/$/, '') + request.path,
        headers: all,
        agent,
      });
    } catch (error) {
      // Certificates and keys that OpenSSL cannot read.
      reject(new UnreachableError(`${origin} cannot be asked: ${messageOf(error)}`, true, error));
      return;
    }
    const abort = (): void => void sent.destroy(endedError(origin));
    request.signal?.addEventListener('abort', abort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
    };
    let timer: ReturnType<typeof setTimeout>;
    const silence = (): void =>
      void sent.destroy(new UnreachableError(`${origin} was silent for ${request.quiet / 1_000} s`, false, undefined));
    timer = setTimeout(silence, request.quiet);
    let isConnected = false;
    sent.once('socket', (socket) => {
      // The time counts from when the connection is its own: others may have been in front of it.
      clearTimeout(timer);
      timer = setTimeout(silence, request.quiet);
      isConnected = sent.reusedSocket;
      if (!isConnected) socket.once(url.protocol === 'http:' ? 'connect' : 'secureConnect', () => (isConnected = true));
    });
    sent.once('response', (message) => {
      clearTimeout(timer);
      sent.on('error', () => undefined);
      resolve(answerOf(message, { origin, quiet: request.quiet, settle }));
    });
    sent.once('error', (error) => {
      settle();
      reject(
        error instanceof KubeError
          ? error
          : new UnreachableError(`${origin} cannot be asked: ${faultText(error)}`, !isConnected, error),
      );
    });
    sent.end(request.body);
  });
}

function endedError(origin: string): KubeError {
  return new KubeError({ fault: 'ended', reason: `the question to ${origin} was given up` });
}

interface Reading {
  readonly origin: string;
  readonly quiet: number;
  readonly settle: () => void;
}

function answerOf(message: IncomingMessage, { origin, quiet, settle }: Reading): ExchangeAnswer {
  let patience = quiet;
  return {
    status: message.statusCode ?? 0,
    warnings: warningsOf(message),
    header: (name) => {
      const value = message.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: { [Symbol.asyncIterator]: () => readBody(message, { origin, patience: () => patience, settle }) },
    quiet: (milliseconds) => {
      patience = milliseconds;
    },
    discard: () => {
      settle();
      message.on('error', () => undefined);
      if (Number(message.headers['content-length'] ?? Number.NaN) <= 65_536) message.resume();
      else message.destroy();
    },
  };
}

interface Patience {
  readonly origin: string;
  readonly patience: () => number;
  readonly settle: () => void;
}

async function* readBody(message: IncomingMessage, { origin, patience, settle }: Patience): AsyncGenerator<Buffer> {
  const reader: AsyncIterator<Buffer> = message[Symbol.asyncIterator]();
  try {
    for (;;) {
      const time = patience();
      const timer = setTimeout(
        () =>
          void message.destroy(new UnreachableError(`${origin} was silent for ${time / 1_000} s`, false, undefined)),
        time,
      );
      let step: IteratorResult<Buffer>;
      try {
        step = await reader.next();
      } finally {
        clearTimeout(timer);
      }
      if (step.done === true) return;
      yield step.value;
    }
  } catch (error) {
    if (error instanceof KubeError) throw error;
    throw new UnreachableError(`the answer of ${origin} broke off: ${faultText(error)}`, false, error);
  } finally {
    settle();
    if (!message.complete) message.destroy();
  }
}

/** RFC 7234 5.5: `299 - "text"`. */
function warningsOf(message: IncomingMessage): readonly string[] {
  return (message.headersDistinct['warning'] ?? []).flatMap((value) =>
    [...value.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1')),
  );
}

/** OpenSSL's own sentence says which check failed; some system errors have only a code. */
function faultText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return messageOf(error) || code;
}
