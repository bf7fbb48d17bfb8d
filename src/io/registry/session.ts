// SPDX-License-Identifier: Apache-2.0
// One question to one registry, asked until it is answered: scheme, credentials, retries, redirects and concurrency. What comes back is an
// answer that means something (2xx, 404, other 4xx); everything that leaves the question open is thrown as RegistryError.
import { parseChallenges, retryAfterSeconds } from '../../formats/oci/http-fields.ts';
import type { Place } from '../../formats/oci/registries-conf.ts';
import { hostFault } from './address.ts';
import { errorSentence, nameOf } from './answer.ts';
import { Authentication } from './authentication.ts';
import type { CredentialSource } from './credentials.ts';
import type { Endpoint, RegistryNames } from './endpoint.ts';
import { endpointOf, unreachable } from './endpoint.ts';
import { invalidAnswer, RegistryError } from './outcome.ts';
import type { Pace, RetryOptions } from './retry.ts';
import { delayAfter, HostGates } from './retry.ts';
import type { HttpRequest, HttpResponse, Transport } from './transport.ts';
import { TransportError } from './transport.ts';

export interface Question {
  readonly method: string;
  /** Below the repository (`manifests/latest`), or where the registry told to go on. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpRequest['body'];
  readonly actions: 'pull' | 'pull,push' | 'pull,delete';
  /** Other repositories that are read on the way, for mounts. */
  readonly also?: readonly string[];
  /** `follow` is for reading only. `not 303`: "see other" is handed over, since it leads to something else than what was asked for. */
  readonly redirects: 'follow' | 'not 303' | 'hand over';
  /** `once`: repeating it could do harm; the caller knows better how to go on. */
  readonly repeat: 'allowed' | 'once';
}

export interface Answer {
  readonly response: HttpResponse;
  /** Where the answer came from in the end. */
  readonly url: URL;
  readonly endpoint: Endpoint;
}

export interface SessionOptions {
  readonly transport: Transport;
  readonly credentials: CredentialSource;
  readonly pace: Pace;
  readonly retry: RetryOptions;
  /** Requests to one host that may wait for an answer at the same time. */
  readonly perHost: number;
  /** Gates that several sessions share; own ones when absent. */
  readonly gates?: HostGates;
  readonly userAgent: string;
  /** `from the user` when absent. */
  readonly names?: RegistryNames;
}

const maximumRedirects = 5;
/** Seconds for which a registry is believed when it wants to be left alone. */
const longestSilence = 900;

export class Session {
  readonly #options: SessionOptions;
  readonly #authentication: Authentication;
  readonly #gates: HostGates;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#gates = options.gates ?? new HostGates(options.perHost);
    this.#authentication = new Authentication({
      credentials: options.credentials,
      pace: options.pace,
      send: async (request) => this.#settled(request, await this.#sendPatiently(request, 'allowed')),
    });
  }

  get pace(): Pace {
    return this.#options.pace;
  }

  /** Throws RegistryError when the question stays open. */
  async ask(place: Place, question: Question): Promise<Answer> {
    const endpoint = await endpointOf(place, this.#options.transport, this.#options.names);
    const url =
      question.path instanceof URL
        ? question.path
        : new URL(`/v2/${endpoint.repository}/${question.path}`, endpoint.origin);
    const answer = await this.#authenticated(endpoint, url, question);
    return this.#follow(answer, question);
  }

  /** Asks with what is known of the registry's wishes, and again with what it answers to that: at most twice more. */
  async #authenticated(endpoint: Endpoint, url: URL, question: Question): Promise<Answer> {
    const scopes = [
      `repository:${endpoint.repository}:${question.actions}`,
      ...(question.also ?? []).map((name) => `repository:${name}:pull`),
    ];
    for (let round = 0; ; round += 1) {
      // Places outside the registry get no credentials of it.
      const isOwn = url.origin === endpoint.origin.origin;
      const authorization = isOwn ? await this.#authentication.header(endpoint, scopes) : undefined;
      const headers = { ...question.headers, ...(authorization === undefined ? {} : { authorization }) };
      const request: HttpRequest = {
        method: question.method,
        url,
        headers,
        addresses: isOwn ? endpoint.addresses : endpoint.isLoopback ? 'named' : 'remote',
        certificates: isOwn ? endpoint.certificates : 'verified',
        ...(question.body === undefined ? {} : { body: question.body }),
      };
      const response = await this.#sendPatiently(request, question.repeat);
      const challenges =
        response.status === 401 && isOwn ? parseChallenges(response.header('www-authenticate') ?? '') : [];
      if (
        response.status === 401 &&
        round < 2 &&
        (await this.#authentication.learn(endpoint, challenges, authorization))
      ) {
        response.discard();
        continue;
      }
      if (response.status === 401 || response.status === 403) throw await this.#refused(endpoint, url, response);
      return { response: await this.#settled(request, response), url, endpoint };
    }
  }

  async #refused(endpoint: Endpoint, url: URL, response: HttpResponse): Promise<RegistryError> {
    const [sentence, remarks] = [await errorSentence(response, url), await this.#authentication.remarks(endpoint)];
    const said = sentence === '' ? '' : ` (${sentence})`;
    return new RegistryError({
      code: 'REGISTRY_UNAUTHORIZED',
      reason: `${nameOf(url)}: answered ${response.status}${said}; ${remarks}`,
    });
  }

  async #follow(first: Answer, question: Question): Promise<Answer> {
    let { response, url } = first;
    const { endpoint } = first;
    for (let count = 0; isFollowed(response.status, question.redirects); count += 1) {
      const location = response.header('location');
      response.discard();
      if (location === undefined) throw invalidAnswer(`${nameOf(url)}: redirects without saying where`);
      if (count >= maximumRedirects)
        throw invalidAnswer(`${nameOf(first.url)}: more than ${maximumRedirects} redirects`);
      const next = locationOf(location, url, endpoint);
      const isOwn = next.origin === endpoint.origin.origin;
      if (isOwn) {
        const answer = await this.#authenticated(endpoint, next, question);
        ({ response, url } = answer);
        continue;
      }
      url = next;
      const request: HttpRequest = {
        method: question.method,
        url,
        headers: { ...question.headers },
        addresses: endpoint.isLoopback ? 'named' : 'remote',
        certificates: 'verified',
      };
      response = await this.#settled(request, await this.#sendPatiently(request, 'allowed'));
      // A storage host that refuses was given a bad or stale link: that says nothing about the content.
      if (response.status === 401 || response.status === 403) throw await this.#refused(endpoint, url, response);
    }
    return { response, url, endpoint };
  }

  /** The answer, unless it says "not now". */
  async #settled(request: HttpRequest, response: HttpResponse): Promise<HttpResponse> {
    const { status } = response;
    if (!isTemporary(status) && status < 500) return response;
    const retryAfter = retryAfterSeconds(response.header('retry-after'), this.#options.pace.now());
    const sentence = await errorSentence(response, request.url);
    const reason = `${nameOf(request.url)}: answered ${status}${sentence === '' ? '' : ` (${sentence})`}`;
    throw new RegistryError({
      code: status === 429 ? 'REGISTRY_THROTTLED' : 'REGISTRY_UNREACHABLE',
      reason,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }

  /** Sends until an answer comes that is not temporary, or patience ends; then the last answer. Throws when there is none at all. */
  async #sendPatiently(request: HttpRequest, repeat: Question['repeat']): Promise<HttpResponse> {
    const { retry, pace } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const sent = await this.#sendOnce(request);
      const isOpen = sent instanceof TransportError ? isWorthRepeating(sent) : isTemporary(sent.status);
      const retryAfter =
        sent instanceof TransportError ? undefined : retryAfterSeconds(sent.header('retry-after'), pace.now());
      // "Too many requests" means that nothing was done: that is safe to repeat.
      const isSafe = repeat === 'allowed' || (!(sent instanceof TransportError) && sent.status === 429);
      const delay =
        isOpen && isSafe ? delayAfter(attempt, retryAfter, { options: retry, random: pace.random }) : undefined;
      if (delay === undefined) {
        if (sent instanceof TransportError) throw unreachable(request.url, sent);
        return sent;
      }
      if (!(sent instanceof TransportError)) sent.discard();
      await pace.pause(delay);
    }
  }

  async #sendOnce(request: HttpRequest): Promise<HttpResponse | TransportError> {
    const { pace, retry, transport, userAgent } = this.#options;
    const gate = this.#gates.of(request.url.host);
    // The room is left when the answer's head is there, not when its body is read: a caller that holds many streams could wait for itself.
    const leave = await gate.enter();
    try {
      const wait = gate.notBefore - pace.now();
      if (wait > retry.longest) {
        const retryAfter = Math.ceil(wait / 1_000);
        throw new RegistryError({
          code: 'REGISTRY_THROTTLED',
          reason: `${request.url.host}: asked not to be asked again yet`,
          retryAfter,
        });
      }
      if (wait > 0) await pace.pause(wait);
      const headers = { 'user-agent': userAgent, 'accept-encoding': 'identity', ...request.headers };
      const response = await transport.send({ ...request, headers });
      const retryAfter =
        response.status === 429 || response.status === 503
          ? retryAfterSeconds(response.header('retry-after'), pace.now())
          : undefined;
      if (retryAfter !== undefined)
        gate.notBefore = Math.max(gate.notBefore, pace.now() + Math.min(retryAfter, longestSilence) * 1_000);
      return response;
    } catch (error) {
      if (error instanceof TransportError) return error;
      throw error;
    } finally {
      leave();
    }
  }
}

function isFollowed(status: number, redirects: Question['redirects']): boolean {
  if (redirects === 'hand over' || (status === 303 && redirects === 'not 303')) return false;
  return [301, 302, 303, 307, 308].includes(status);
}

function isTemporary(status: number): boolean {
  return [408, 425, 429, 500, 502, 503, 504].includes(status);
}

function isWorthRepeating(error: TransportError): boolean {
  return error.fault === 'no-connection' || error.fault === 'broken' || error.fault === 'stalled';
}

/** The address in a Location header, checked: never from https to anything else, never where registries must not lead. */
export function locationOf(location: string, from: URL, endpoint: Endpoint): URL {
  const refuse = (why: string): RegistryError =>
    invalidAnswer(`${nameOf(from)}: leads to a place that is not asked: ${why}`);
  if (!URL.canParse(location, from.href)) throw refuse('no URL');
  const to = new URL(location, from);
  const isPlain = to.protocol === 'http:';
  if (!isPlain && to.protocol !== 'https:') throw refuse(`the scheme ${to.protocol}`);
  if (isPlain && (from.protocol !== 'http:' || endpoint.origin.protocol !== 'http:')) throw refuse('plain HTTP');
  if (to.username !== '' || to.password !== '') throw refuse('it holds credentials');
  const isOwn = to.origin === endpoint.origin.origin;
  const fault = hostFault(to, isOwn || endpoint.isLoopback ? 'named' : 'remote');
  if (fault !== undefined) throw refuse(fault);
  return to;
}
