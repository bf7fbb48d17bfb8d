// SPDX-License-Identifier: Apache-2.0
// One HTTP exchange over a kept connection: TLS with own authorities and client certificates, proxies, addresses that are refused even
// when a name resolves to them, and an end to servers that stop sending. Knows nothing of registries; retries nothing but a stale connection.
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { getCACertificates, rootCertificates, connect as tlsConnect } from 'node:tls';
import type { AddressPolicy } from './address.ts';
import { hostFault, hostName, isForbiddenAddress } from './address.ts';
import type { Environment } from './proxy.ts';
import { openTunnel, proxyFor, proxyHeaders } from './proxy.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with Content-Length, which `headers` must hold for a stream. A function, since a request may have to be repeated. */
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly addresses: AddressPolicy;
  readonly certificates: 'verified' | 'unverified';
}

export interface HttpResponse {
  readonly status: number;
  header(name: string): string | undefined;
  /** To be read to its end, or given up with `discard`. Throws TransportError when it breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

export interface Transport {
  /** Throws TransportError when no answer comes. */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes connections that wait for the next request. */
  close(): void;
}

/**
 * `not-tls`: the server does not speak TLS. `certificate`: it does, and is not who it says. `refused-address`: asking it is forbidden.
 * `no-connection`: nothing was sent. `broken`: the connection ended in the middle. `stalled`: too few bytes came for too long.
 */
export type TransportFault = 'not-tls' | 'certificate' | 'refused-address' | 'no-connection' | 'broken' | 'stalled';

export class TransportError extends Error {
  readonly fault: TransportFault;

  constructor(fault: TransportFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
    this.fault = fault;
  }
}

/** PEM texts for one host. */
export interface HostCertificates {
  /** Authorities trusted for this host. */
  readonly authorities?: readonly string[];
  /** Whether the usual ones are trusted besides; they are when absent. */
  readonly others?: 'trusted' | 'not trusted';
  /** Certificate (with chain) and key that this program shows. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

export interface TransportOptions {
  /** Milliseconds in which a server must send its answer's head, and then at least `minimumBytes` more each time. */
  readonly stall: number;
  readonly minimumBytes?: number;
  /** Milliseconds for the whole body of an answer, however steadily it comes; no end when absent. */
  readonly longest?: number;
  readonly environment: Environment;
  /** `host` is a URL's host, with its port when that is not the usual one. */
  readonly certificatesFor: (host: string) => HostCertificates | undefined;
  readonly lookup?: LookupFunction;
}

const mostAgents = 256;

export function nodeTransport(options: TransportOptions): Transport {
  const agents = new Map<string, HttpAgent>();
  const keyOf = (request: HttpRequest, proxy: URL | undefined): string =>
    // Connections are shared by what may use them: never across address policies, certificates or proxies.
    [request.url.origin, request.addresses, request.certificates, proxy?.href ?? ''].join(' ');
  const agentFor = (request: HttpRequest, proxy: URL | undefined): HttpAgent => {
    const key = keyOf(request, proxy);
    const agent = agents.get(key) ?? openAgent(request, proxy, options);
    // The last one asked stands last. Who makes up hosts gets no memory of ours for ever; an agent in use ends its connections by itself.
    agents.delete(key);
    agents.set(key, agent);
    if (agents.size > mostAgents) {
      const [oldest] = agents;
      if (oldest !== undefined) {
        agents.delete(oldest[0]);
        if (Object.keys(oldest[1].sockets).length === 0) oldest[1].destroy();
      }
    }
    return agent;
  };
  return {
    send: async (request) => {
      const fault = hostFault(request.url, request.addresses);
      if (fault !== undefined) throw new TransportError('refused-address', fault);
      const proxy = proxyFor(request.url, options.environment);
      try {
        return await exchange(request, { agent: agentFor(request, proxy), proxy, options });
      } catch (error) {
        // The server closed a kept connection while it lay idle: once more on a new one. Whether it saw the request nobody knows, so this is
        // for reading only.
        const isReading = request.method === 'GET' || request.method === 'HEAD';
        if (!(error instanceof StaleConnection) || !isReading) throw error;
        agents.delete(keyOf(request, proxy));
        return exchange(request, { agent: agentFor(request, proxy), proxy, options });
      }
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

class StaleConnection extends TransportError {}

function openAgent(request: HttpRequest, proxy: URL | undefined, options: TransportOptions): HttpAgent {
  const common = { keepAlive: true, keepAliveMsecs: 5_000, maxFreeSockets: 16, timeout: options.stall };
  if (request.url.protocol === 'http:') return new HttpAgent(common);
  const agent = new HttpsAgent({ ...common, ...tlsOptions(request, options) });
  if (proxy === undefined) return agent;
  return throughProxy(agent, proxy, options.stall);
}

function tlsOptions(request: HttpRequest, options: TransportOptions): ConnectionOptions {
  const { authorities = [], others = 'trusted', client } = options.certificatesFor(request.url.host) ?? {};
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: request.certificates === 'verified',
    ...(authorities.length === 0
      ? {}
      : { ca: others === 'trusted' ? [...usualAuthorities(), ...authorities] : [...authorities] }),
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
  };
}

/** Also those of NODE_EXTRA_CA_CERTS where Node tells them (22.15 and newer). */
function usualAuthorities(): readonly string[] {
  return typeof getCACertificates === 'function' ? getCACertificates('default') : rootCertificates;
}

/** Replaces how the agent connects: first to the proxy, then TLS to the registry inside that connection. */
function throughProxy(agent: HttpsAgent, proxy: URL, timeout: number): HttpsAgent {
  agent.createConnection = (options, callback) => {
    const { host, port } = options as { readonly host?: string | null; readonly port?: number | string | null };
    const target = { host: host ?? '', port: Number(port ?? 443), timeout };
    const done = callback as ((error: Error | null, socket?: Duplex) => void) | undefined;
    openTunnel(proxy, target).then(
      (socket) => done?.(null, tlsConnect({ ...(options as ConnectionOptions), socket })),
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
    );
    return undefined;
  };
  return agent;
}

/** Resolves names, and refuses the whole name when any of its addresses is forbidden. */
function guardedLookup(policy: AddressPolicy, lookup: LookupFunction): LookupFunction {
  return (name, options, callback) => {
    const check = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number): void => {
      const addresses = typeof address === 'string' ? [address] : (address ?? []).map((item) => item.address);
      const bad = error === null ? addresses.find((item) => isForbiddenAddress(item, policy)) : undefined;
      if (bad === undefined) callback(error, address, family);
      else callback(new TransportError('refused-address', `${name} leads to ${bad}, which may not be asked`), '', 4);
    };
    lookup(name, options, check);
  };
}

interface Connection {
  readonly agent: HttpAgent;
  readonly proxy: URL | undefined;
  readonly options: TransportOptions;
}

function exchange(request: HttpRequest, { agent, proxy, options }: Connection): Promise<HttpResponse> {
  const { url, method, body } = request;
  const isPlain = url.protocol === 'http:';
  const viaProxy = isPlain && proxy !== undefined;
  const target = viaProxy ? proxy : url;
  const headers: OutgoingHttpHeaders = { ...request.headers, host: url.host, ...(viaProxy ? proxyHeaders(proxy) : {}) };
  if (body instanceof Uint8Array) headers['content-length'] = String(body.length);
  const sent = (isPlain ? httpRequest : httpsRequest)({
    method,
    host: hostName(target),
    port: target.port || (target.protocol === 'https:' ? 443 : 80),
    path: viaProxy ? url.href : url.pathname + url.search,
    headers,
    agent,
    ...(isIP(hostName(url)) === 0 ? { servername: hostName(url) } : {}),
    lookup: proxy === undefined ? guardedLookup(request.addresses, options.lookup ?? plainLookup) : plainLookup,
  });
  return new Promise((resolve, reject) => {
    let timer = setTimeout(stalled, options.stall);
    function stalled(): void {
      sent.destroy(new TransportError('stalled', 'no answer came for too long'));
    }
    let isAnswered = false;
    const progress = (): void => {
      clearTimeout(timer);
      if (isAnswered) return;
      timer = setTimeout(stalled, options.stall);
    };
    sent.once('response', (message) => {
      isAnswered = true;
      clearTimeout(timer);
      sent.on('error', () => undefined);
      resolve(responseOf(message, { method, options }));
    });
    sent.once('error', (error) => {
      clearTimeout(timer);
      reject(faultOf(error, sent));
    });
    sendBody(sent, body, progress);
  });
}

const plainLookup: LookupFunction = (name, options, callback) => {
  systemLookup(name, options, (error, address, family) => callback(error, address, family));
};

function sendBody(sent: ClientRequest, body: HttpRequest['body'], progress: () => void): void {
  if (body === undefined) {
    sent.end();
    return;
  }
  const source = Readable.from(noticing(body instanceof Uint8Array ? slices(body) : body(), progress), {
    objectMode: false,
  });
  source.once('error', (error) => sent.destroy(error));
  // An answer may come before all is sent (401): what is left is not wanted any more.
  sent.once('close', () => source.destroy());
  source.pipe(sent);
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function* noticing(chunks: AsyncIterable<Uint8Array>, progress: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    progress();
    yield chunk;
  }
}

interface Exchange {
  readonly method: string;
  readonly options: TransportOptions;
}

function responseOf(message: IncomingMessage, { method, options }: Exchange): HttpResponse {
  return {
    status: message.statusCode ?? 0,
    header: (name) => {
      const value = message.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: { [Symbol.asyncIterator]: () => readBody(message, options) },
    discard: () => {
      // Small rests are read, so that the connection can serve the next request.
      message.on('error', () => undefined);
      const length = method === 'HEAD' ? 0 : Number(message.headers['content-length'] ?? Number.NaN);
      if (length <= 65_536) message.resume();
      else message.destroy();
    },
  };
}

/** Only the time in which the reader waits counts: a slow reader is not a slow server. */
async function* readBody(message: IncomingMessage, options: TransportOptions): AsyncGenerator<Uint8Array> {
  const minimum = options.minimumBytes ?? 1_024;
  const reader: AsyncIterator<Uint8Array> = message[Symbol.asyncIterator]();
  const end = options.longest === undefined ? Infinity : performance.now() + options.longest;
  let waited = 0;
  let received = 0;
  try {
    for (;;) {
      const started = performance.now();
      const timer = setTimeout(
        () => message.destroy(new TransportError('stalled', 'too few bytes came for too long')),
        Math.max(1, Math.min(options.stall - waited, end - started)),
      );
      let step: IteratorResult<Uint8Array>;
      try {
        step = await reader.next();
      } finally {
        clearTimeout(timer);
      }
      if (step.done === true) return;
      received += step.value.length;
      waited = received >= minimum ? 0 : waited + (performance.now() - started);
      if (waited === 0) received = 0;
      yield step.value;
    }
  } catch (error) {
    throw error instanceof TransportError ? error : new TransportError('broken', 'the connection broke off', error);
  } finally {
    if (!message.complete) message.destroy();
  }
}

function faultOf(error: Error, sent: ClientRequest): Error {
  if (error instanceof TransportError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET' && sent.reusedSocket)
    return new StaleConnection('broken', 'the connection was closed', error);
  if (/^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/.test(code))
    return new TransportError('not-tls', 'the server does not speak TLS', error);
  if (/CERT|ERR_TLS|UNABLE_TO|SELF_SIGNED|ERR_SSL/.test(code))
    return new TransportError('certificate', error.message, error);
  const isUnconnected = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code);
  const message = code === 'ENOTFOUND' ? 'the host name is not known' : error.message || code;
  return new TransportError(isUnconnected ? 'no-connection' : 'broken', message, error);
}
