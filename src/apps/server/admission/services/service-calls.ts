// SPDX-License-Identifier: Apache-2.0
// Questions of policies to services outside of the API server: Kyverno's `apiCall.service`, and `http.Get` and `http.Post` in CEL. Off unless services are named. The call is
// the policy's and nothing is added to it: no credentials of this program, no proxy. What comes must be JSON; whatever else happens is a failure of the rule.
import { hash } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import type { HttpResponse, Transport } from '../../../../io/registry/transport.ts';
import { nodeTransport, TransportError } from '../../../../io/registry/transport.ts';
import { canonicalJson } from '../../../../model/canonical-json.ts';
import { messageOf } from '../../../../model/error.ts';
import { defaultLimits } from '../../../../model/limits.ts';
import type { ApiCall, Lookup } from '../../../../policy/data-provider.ts';
import type { EngineData } from '../../../../policy/engine.ts';
import type { Gate } from '../../cluster/gate.ts';
import { makeGate } from '../../cluster/gate.ts';
import type { Asking } from '../asking/asking.ts';
import type { AllowedServices } from './allowed-services.ts';
import { allowedUrl } from './allowed-services.ts';

export interface ServiceCallsOptions {
  readonly allowed: AllowedServices;
  readonly asking: Asking;
  /** Milliseconds for one question; a review that has less time does not wait for it. */
  readonly time?: number;
  readonly lookup?: LookupFunction;
}

const usualTime = 4_000;
/** Questions under way for all reviews together. */
const atOnce = 16;
const mostRedirects = 3;
/** Of a whole list of headers, and of what a policy sends. */
const most = { headers: 16_384, body: 2 * 1024 * 1024, caBundle: 1024 * 1024, transports: 32 };
/** They say how a message is sent, which is not the policy's business, or whom it is for. */
const ownHeaders =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*)$/i;

export class ServiceCalls {
  readonly #options: ServiceCallsOptions;
  readonly #gate: Gate = makeGate(atOnce);
  /** By what they trust: connections are never shared by calls that trust others. */
  readonly #transports = new Map<string, Transport>();
  #asked = 0;
  #failed = 0;

  constructor(options: ServiceCallsOptions) {
    this.#options = options;
  }

  /** What policies may look up, with services. */
  withServices(data: EngineData): EngineData {
    const { asking } = this.#options;
    const { provider } = data;
    return {
      ...data,
      provider: {
        ...provider,
        apiCall: (call) => {
          if (call.urlPath !== undefined || call.url === undefined) return provider.apiCall(call);
          return asking.ask(`service ${canonicalJson(call)}`, () => this.#gate.pass(() => this.ask(call)));
        },
      },
    };
  }

  /** Questions that were asked, and those of them that failed. */
  get counts(): { readonly asked: number; readonly failed: number } {
    return { asked: this.#asked, failed: this.#failed };
  }

  close(): void {
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
  }

  /** Never throws. There is no "not there": what a service does not have is for the policy to say. */
  async ask(call: ApiCall): Promise<Lookup<unknown>> {
    this.#asked += 1;
    const answer = await this.#within(call);
    if (answer.kind !== 'found') this.#failed += 1;
    return answer;
  }

  async #within(call: ApiCall): Promise<Lookup<unknown>> {
    const { time = usualTime } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Lookup<unknown>>((resolve) => {
      timer = setTimeout(() => resolve(failed(call, `no answer within ${(time / 1_000).toFixed(1)} s`)), time);
    });
    try {
      return await Promise.race([this.#exchange(call, performance.now() + time), late]);
    } catch (error) {
      // Headers of a policy that no message can have end here as well.
      return failed(call, error instanceof TransportError ? error.message : messageOf(error).slice(0, 200));
    } finally {
      clearTimeout(timer);
    }
  }

  async #exchange(call: ApiCall, end: number): Promise<Lookup<unknown>> {
    const { method, headers = {} } = call;
    const wrong = headerFault(headers);
    if (wrong !== undefined) return failed(call, wrong);
    const body = method === 'POST' ? Buffer.from(JSON.stringify(call.body ?? {})) : undefined;
    if (body !== undefined && body.length > most.body) return failed(call, `more than ${most.body} bytes to send`);
    const transport = this.#transport(call.caBundle);
    if (transport === undefined) return failed(call, 'caBundle is no certificate (PEM)');
    let from: string = call.url ?? '';
    for (let hops = 0; hops <= mostRedirects && performance.now() < end; hops += 1) {
      const target = allowedUrl(from, this.#options.allowed);
      if ('fault' in target) return { kind: 'failed', message: target.fault };
      const { url, addresses } = target;
      const sent = { accept: 'application/json', 'user-agent': 'landwaiter', ...lowerCase(headers) };
      const response = await transport.send({
        method,
        url,
        headers: body === undefined ? sent : { 'content-type': 'application/json', ...sent },
        ...(body === undefined ? {} : { body }),
        addresses,
        certificates: 'verified',
      });
      const next = redirectOf(response, url);
      if (next === undefined) return await answerOf(call, response);
      response.discard();
      // What is posted is posted to one place; and headers of the policy are for the host that it named.
      if (method === 'POST' || next.origin !== url.origin)
        return failed(call, `it leads to ${next.origin}, which is not asked`);
      from = next.href;
    }
    return failed(call, `more than ${mostRedirects} redirects`);
  }

  /** Undefined: the bundle is none. */
  #transport(caBundle: string | undefined): Transport | undefined {
    const { time = usualTime, lookup } = this.#options;
    if (
      caBundle !== undefined &&
      (caBundle.length > most.caBundle || !caBundle.includes('-----BEGIN CERTIFICATE-----'))
    )
      return undefined;
    const key = caBundle === undefined ? '' : hash('sha256', caBundle);
    const known = this.#transports.get(key);
    const transport =
      known ??
      nodeTransport({
        stall: time,
        longest: time,
        // Through a proxy nobody here sees which address a name leads to.
        environment: {},
        certificatesFor: () =>
          caBundle === undefined ? undefined : { authorities: [caBundle], others: 'not trusted' },
        ...(lookup === undefined ? {} : { lookup }),
      });
    this.#transports.delete(key);
    this.#transports.set(key, transport);
    const [oldest] = this.#transports;
    if (this.#transports.size > most.transports && oldest !== undefined) {
      this.#transports.delete(oldest[0]);
      oldest[1].close();
    }
    return transport;
  }
}

async function answerOf(call: ApiCall, response: HttpResponse): Promise<Lookup<unknown>> {
  const { status, body } = response;
  if (status < 200 || status > 299) {
    response.discard();
    return failed(call, `it answered ${status}`);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > defaultLimits.policyContextLength)
      return failed(call, `its answer has more than ${defaultLimits.policyContextLength} bytes`);
    parts.push(part);
  }
  try {
    return { kind: 'found', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))) };
  } catch {
    return failed(call, 'what came is not JSON');
  }
}

function redirectOf(response: HttpResponse, url: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const place = response.header('location') ?? '';
  return URL.canParse(place, url.href) ? new URL(place, url.href) : undefined;
}

/** Values that expressions give are texts for sure only once they are made so. */
type WrittenHeaders = Readonly<Record<string, unknown>>;

function headerFault(headers: WrittenHeaders): string | undefined {
  const entries = Object.entries(headers);
  const own = entries.find(([name]) => ownHeaders.test(name));
  if (own !== undefined) return `the header ${own[0].slice(0, 100)} is not a policy's to set`;
  const length = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  return length > most.headers ? `headers of more than ${most.headers} characters` : undefined;
}

function lowerCase(headers: WrittenHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Names the place without what a policy put into the path and the query: that can be secret. */
function failed({ url = '' }: ApiCall, reason: string): Lookup<unknown> {
  const place = URL.canParse(url) ? new URL(url).origin : url.slice(0, 100);
  return { kind: 'failed', message: `the service ${place} could not be asked: ${reason}` };
}
