// SPDX-License-Identifier: Apache-2.0
// The webhook: HTTPS with HTTP/1.1 only (API servers use nothing else for services), bounded in bodies, connections and time. What comes in can be refused,
// answered late or dropped; it cannot make the webhook admit by crashing, because a request without an answer is not admitted unless the failure policy
// of the registration says so.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ParsedReview, ReviewedRequest } from '../../../formats/admission-review.ts';
import { parseAdmissionReview, printReviewAnswer } from '../../../formats/admission-review.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Logger } from '../../../io/log.ts';
import { messageOf } from '../../../model/error.ts';
import type { AdmissionPhase, EngineData } from '../../../policy/engine.ts';
import type { Asking, Budget } from './asking/asking.ts';
import { lookingTime } from './asking/review-time.ts';
import type { DecisionLog } from './decision-log.ts';
import { AdmissionMetrics } from './metrics.ts';
import type { PolicyHolder } from './policy-holder.ts';
import type { Reviewed, ReviewSettings } from './review.ts';
import { reviewRequest } from './review.ts';

export interface ServingCertificate {
  /** PEM, the chain too. */
  readonly certificate: string;
  readonly key: string;
}

export interface AdmissionServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly serving: ServingCertificate;
  readonly holder: PolicyHolder;
  readonly settings: ReviewSettings;
  /** Asked for each request: what policies may look up now. */
  readonly data: () => EngineData;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newId: () => string;
  readonly decisions?: DecisionLog | undefined;
  /** What was answered, after it was; must not throw, and takes time from the next one. */
  readonly answered?: ((reviewed: Reviewed, request: ReviewedRequest, phase: AdmissionPhase) => void) | undefined;
  /** What `data` asks in vain while a review is judged is looked up through this; absent: everything is at hand. */
  readonly asking?: Asking | undefined;
  /** Milliseconds that looking may take at most; what the API server waits counts in any case. */
  readonly lookingTime?: number | undefined;
  /** Lines of metrics besides those of the webhook. */
  readonly moreMetrics?: (() => readonly string[]) | undefined;
  readonly limits?: Partial<ServerLimits>;
}

export interface ServerLimits {
  /** One body; the API server takes objects up to about 3 MB, an update brings two of them. */
  readonly bodyBytes: number;
  /** All bodies that are being read or judged. */
  readonly heldBytes: number;
  readonly inFlight: number;
  readonly connections: number;
  /** Milliseconds for the head of a request, and for all of it. */
  readonly headTime: number;
  readonly requestTime: number;
  /** Milliseconds after which a connection is asked to end, so that several replicas share the load again. */
  readonly connectionAge: number;
}

export const serverLimits: ServerLimits = {
  bodyBytes: 8 * 1024 * 1024,
  heldBytes: 96 * 1024 * 1024,
  inFlight: 512,
  connections: 2_000,
  headTime: 5_000,
  requestTime: 15_000,
  connectionAge: 300_000,
};

export interface RunningAdmission {
  readonly port: number;
  readonly metrics: AdmissionMetrics;
  /** New connections get another certificate; those that are open keep theirs. */
  setCertificate(serving: ServingCertificate): void;
  /**
   * Says that it is not ready, and ends. For `notice` milliseconds (0) requests are still taken, and each answer ends its connection: by then nobody sends
   * more. What is under way after that has at most `patience` milliseconds.
   */
  close(patience: number, notice?: number): Promise<void>;
}

const phases: Readonly<Record<string, AdmissionPhase>> = { '/validate': 'validate', '/mutate': 'mutate' };

export async function startAdmission(options: AdmissionServerOptions): Promise<RunningAdmission> {
  const limits = { ...serverLimits, ...options.limits };
  const service = new AdmissionService(options, limits);
  const server = createServer(
    {
      cert: options.serving.certificate,
      key: options.serving.key,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      headersTimeout: limits.headTime,
      requestTimeout: limits.requestTime,
      // Longer than the idle time of Go's client (90 s): whoever closes first loses a request now and then, and it must not be us.
      keepAliveTimeout: 100_000,
      maxHeaderSize: 32 * 1024,
      handshakeTimeout: limits.headTime,
    },
    (request, response) => service.handle(request, response),
  );
  server.maxConnections = limits.connections;
  server.on('tlsClientError', (error) => options.log.debug(`TLS: ${messageOf(error)}`));
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    metrics: service.metrics,
    setCertificate: ({ certificate, key }) =>
      server.setSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' }),
    close: (patience, notice = 0) => closeGracefully(server, service, { patience, notice }),
  };
}

interface Ending {
  readonly patience: number;
  readonly notice: number;
}

/** A connection that is closed while nothing seems to be under way may have a request on its way, which is then lost. */
async function closeGracefully(server: Server, service: AdmissionService, { patience, notice }: Ending): Promise<void> {
  service.drain();
  if (notice > 0) await new Promise((wake) => setTimeout(wake, notice));
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), patience);
  await closed;
  clearTimeout(timer);
}

/** A request for a review, and how long it may look things up. */
class Arrival implements Budget {
  readonly phase: AdmissionPhase;
  /** Milliseconds of the clock that only grows. */
  readonly start: number;
  readonly time: number;
  readonly #target: string;
  readonly #options: AdmissionServerOptions;

  constructor(phase: AdmissionPhase, target: string, options: AdmissionServerOptions) {
    this.phase = phase;
    this.start = options.clock.elapsed();
    this.time = options.clock.now();
    this.#target = target;
    this.#options = options;
  }

  /** Worked out only where something is looked up. */
  get milliseconds(): number {
    const { clock, lookingTime: most } = this.#options;
    return lookingTime(this.#target, clock.elapsed() - this.start, most);
  }
}

class AdmissionService {
  readonly metrics = new AdmissionMetrics();
  readonly #options: AdmissionServerOptions;
  readonly #limits: ServerLimits;
  readonly #opened = new WeakMap<object, number>();
  #inFlight = 0;
  #held = 0;
  #isDraining = false;

  constructor(options: AdmissionServerOptions, limits: ServerLimits) {
    this.#options = options;
    this.#limits = limits;
  }

  drain(): void {
    this.#isDraining = true;
  }

  /** Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    try {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      this.#age(request, response);
      const phase = Object.hasOwn(phases, path) ? phases[path] : undefined;
      if (phase !== undefined) this.#review(request, response, phase);
      else this.#health(path, response);
    } catch (error) {
      this.#failed(error, response);
    }
  }

  #failed(error: unknown, response: ServerResponse): void {
    this.#options.log.error(`admission: ${messageOf(error)}`);
    if (!response.headersSent) end(response, 500, 'text/plain', 'internal error\n');
    else response.destroy();
  }

  /** A client that keeps one connection for ever never sees another replica. */
  #age(request: IncomingMessage, response: ServerResponse): void {
    const now = this.#options.clock.elapsed();
    const since = this.#opened.get(request.socket);
    if (since === undefined) this.#opened.set(request.socket, now);
    else if (now - since > this.#limits.connectionAge) response.setHeader('connection', 'close');
    if (this.#isDraining) response.setHeader('connection', 'close');
  }

  #health(path: string, response: ServerResponse): void {
    const { holder } = this.#options;
    if (path === '/livez') end(response, 200, 'text/plain', 'ok\n');
    else if (path === '/metrics')
      end(
        response,
        200,
        'text/plain; version=0.0.4',
        this.metrics.print(holder.status, this.#inFlight, this.#options.moreMetrics?.()),
      );
    else if (path === '/readyz') {
      const reason = this.#isDraining ? 'ending' : holder.current === undefined ? 'no policies are loaded' : undefined;
      end(response, reason === undefined ? 200 : 503, 'text/plain', `${reason ?? 'ok'}\n`);
    } else end(response, 404, 'text/plain', 'there is /validate, /mutate, /livez, /readyz and /metrics\n');
  }

  #review(request: IncomingMessage, response: ServerResponse, phase: AdmissionPhase): void {
    const type = request.headers['content-type'] ?? '';
    if (request.method !== 'POST') return end(response, 405, 'text/plain', 'POST an AdmissionReview\n');
    if (!/^application\/json\b/i.test(type)) return end(response, 415, 'text/plain', 'application/json is spoken\n');
    if (this.#inFlight >= this.#limits.inFlight || this.#held >= this.#limits.heldBytes) return this.#shed(response);
    this.#receive(request, response, new Arrival(phase, request.url ?? '', this.#options));
  }

  /** Takes in the body and has it answered. By events and without promises, which cost a good part of what a small server needs for a request. */
  #receive(request: IncomingMessage, response: ServerResponse, arrival: Arrival): void {
    const chunks: Buffer[] = [];
    let size = 0;
    let isOver = false;
    this.#inFlight += 1;
    const release = (): void => {
      if (isOver) return;
      isOver = true;
      this.#held -= size;
      this.#inFlight -= 1;
    };
    const fail = (error: unknown): void => {
      if (isOver) return;
      release();
      this.#failed(error, response);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      this.#held += chunk.length;
      if (size <= this.#limits.bodyBytes) {
        chunks.push(chunk);
        return;
      }
      request.removeAllListeners('data');
      request.pause();
      release();
      response.setHeader('connection', 'close');
      end(response, 413, 'text/plain', `more than ${this.#limits.bodyBytes} bytes\n`);
    });
    request.on('end', () => {
      if (isOver) return;
      try {
        const later = this.#answer(textOf(chunks), response, arrival);
        // Only where something is looked up first; everything else was answered at once.
        if (later === undefined) release();
        else later.then(release, fail);
      } catch (error) {
        fail(error);
      }
    });
    request.on('error', fail);
    request.on('close', () => {
      if (!request.complete) fail(new Error('the connection ended before the request did'));
    });
  }

  /** Answers at once; a promise only where something has to be looked up first. */
  #answer(text: string, response: ServerResponse, arrival: Arrival): Promise<void> | undefined {
    const { holder, settings, data: dataNow, newId, asking } = this.#options;
    const { phase } = arrival;
    const parsed = parseAdmissionReview(text);
    if (parsed.kind === 'fault') {
      this.#malformed(parsed, response, arrival);
      return undefined;
    }
    const set = holder.current;
    if (set === undefined) {
      end(response, 503, 'text/plain', 'no policies are loaded\n');
      return undefined;
    }
    const { request } = parsed;
    const id = newId();
    const data = dataNow();
    const judge = (): Reviewed => reviewRequest(request, { set, data, settings, phase, id });
    const reviewed = asking === undefined ? judge() : asking.judge(judge, arrival);
    const told = { arrival, request, id };
    if (reviewed instanceof Promise) return reviewed.then((late) => this.#tell(late, response, told));
    this.#tell(reviewed, response, told);
    return undefined;
  }

  #malformed(
    fault: Extract<ParsedReview, { kind: 'fault' }>,
    response: ServerResponse,
    { phase, start }: Arrival,
  ): void {
    const { uid, message } = fault;
    this.metrics.review(phase, 'malformed', this.#options.clock.elapsed() - start);
    if (uid === undefined) return end(response, 400, 'text/plain', `${message}\n`);
    const refusal = { uid, allowed: false, code: 400, message, warnings: [], auditAnnotations: {}, patch: [] };
    end(response, 200, 'application/json', printReviewAnswer(refusal));
  }

  #tell(
    reviewed: Reviewed,
    response: ServerResponse,
    { arrival, request, id }: { readonly arrival: Arrival; readonly request: ReviewedRequest; readonly id: string },
  ): void {
    const { clock, decisions, answered } = this.#options;
    const { answer, outcome } = reviewed;
    const { phase, start } = arrival;
    end(response, 200, 'application/json', printReviewAnswer(answer));
    this.metrics.review(phase, outcome, clock.elapsed() - start);
    answered?.(reviewed, request, phase);
    // What a dry run would do is nobody's history.
    if (decisions === undefined || request.dryRun === true || phase === 'mutate') return;
    const { message } = answer;
    const time = new Date(clock.now()).toISOString();
    decisions.write({ id, time, phase, outcome, ...(message === undefined ? {} : { message }), request });
  }

  /** Told at once: the API server then follows the failure policy instead of waiting for its time to run out. */
  #shed(response: ServerResponse): void {
    this.metrics.shed();
    response.setHeader('retry-after', '1');
    end(response, 429, 'text/plain', 'too many reviews are under way\n');
  }
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  return (first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks)).toString('utf8');
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.writableEnded) return;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
