// SPDX-License-Identifier: Apache-2.0
// A small HTTP service on loopback for tests: one function answers, everything that was asked is kept.
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServiceRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ServiceReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes as they are, other values as JSON. */
  readonly body?: unknown;
}

export class HttpService {
  readonly requests: ServiceRequest[] = [];
  readonly #server: Server;

  constructor(answer: (request: ServiceRequest) => ServiceReply) {
    this.#server = createServer((message, response) => {
      const parts: Buffer[] = [];
      message.on('data', (part: Buffer) => parts.push(part));
      message.on('end', () => {
        const request = {
          method: message.method ?? '',
          path: message.url ?? '',
          headers: message.headers,
          body: Buffer.concat(parts),
        };
        this.requests.push(request);
        const { status, headers = {}, body } = answer(request);
        response.writeHead(status, headers);
        response.end(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body ?? {}));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
