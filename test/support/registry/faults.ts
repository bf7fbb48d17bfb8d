// SPDX-License-Identifier: Apache-2.0
// Faults of registries, each for the requests that a rule names. Used by test-registry.ts before and while it answers.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Fault {
  readonly method?: string;
  /** Searched in path and query. */
  readonly path?: RegExp;
  /** Requests that it hits; all when absent. */
  readonly times?: number;
  /** Requests that it lets pass first. */
  readonly after?: number;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  /** Another answer instead. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  /** The connection ends after so many bytes of the body; -1: before the answer's head. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** After so many bytes nothing comes any more; -1: not even the answer's head. */
  | { readonly kind: 'stall'; readonly bytes: number }
  /** So many bytes at a time, with a pause after each. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly pause: number }
  /** Other bytes under the same headers. */
  | { readonly kind: 'body'; readonly change: (body: Buffer) => Uint8Array }
  /** Other headers; undefined takes one out. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string | undefined>> }
  /** Something happens in between, and the request is answered as usual: a tag moves, another client writes. */
  | { readonly kind: 'meanwhile'; readonly run: () => void | Promise<void> }
  /** The request is carried out, and its answer gets lost. */
  | { readonly kind: 'lost answer' };

interface FaultState {
  readonly fault: Fault;
  seen: number;
}

export class FaultList {
  #faults: FaultState[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, seen: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** Effects for a request, in the order in which they were added. */
  take(request: IncomingMessage): FaultEffect[] {
    return this.#faults.flatMap((state) => {
      const { method, path, times = Infinity, after = 0, effect } = state.fault;
      if (method !== undefined && method !== request.method) return [];
      if (path !== undefined && !path.test(request.url ?? '')) return [];
      state.seen += 1;
      return state.seen > after && state.seen <= after + times ? effect : [];
    });
  }
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array;
}

/** Writes a reply as the effects want it. */
export async function deliver(reply: Reply, response: ServerResponse, effects: readonly FaultEffect[]): Promise<void> {
  let body = Buffer.from(reply.body ?? []);
  let { status } = reply;
  const headers = new Map<string, string | undefined>(
    Object.entries({ 'content-length': String(body.length), ...reply.headers }),
  );
  for (const effect of effects) {
    if (effect.kind === 'answer') {
      status = effect.status;
      body = Buffer.from(effect.body ?? '');
      headers.clear();
      headers.set('content-length', String(body.length));
      for (const [name, value] of Object.entries(effect.headers ?? {})) headers.set(name, value);
    } else if (effect.kind === 'body') {
      body = Buffer.from(effect.change(body));
      headers.set('content-length', String(body.length));
    } else if (effect.kind === 'headers')
      for (const [name, value] of Object.entries(effect.headers)) headers.set(name, value);
  }
  const end = effects.find(
    ({ kind }) => kind === 'cut' || kind === 'stall' || kind === 'slow' || kind === 'lost answer',
  );
  if (end?.kind === 'lost answer' || (end?.kind === 'cut' && end.bytes < 0)) {
    response.socket?.destroy();
    return;
  }
  if (end?.kind === 'stall' && end.bytes < 0) return;
  for (const [name, value] of headers) if (value !== undefined) response.setHeader(name, value);
  response.writeHead(status);
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  if (end?.kind === 'cut') response.write(body.subarray(0, end.bytes), () => response.socket?.destroy());
  else if (end?.kind === 'stall') response.write(body.subarray(0, end.bytes));
  else if (end?.kind === 'slow') {
    for (let at = 0; at < body.length && !response.destroyed; at += end.bytes) {
      response.write(body.subarray(at, at + end.bytes));
      await new Promise((resolve) => setTimeout(resolve, end.pause));
    }
    response.end();
  } else response.end(body);
}
