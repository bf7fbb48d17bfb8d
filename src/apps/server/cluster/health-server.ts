// SPDX-License-Identifier: Apache-2.0
// Plain HTTP for whoever looks after a program that serves nobody else: /livez, /readyz, /metrics. Answers GET only, reads no bodies.
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Why it is not ready; undefined: it is. */
  readonly unready: () => string | undefined;
  /** Lines in Prometheus' text format. */
  readonly metrics: () => readonly string[];
}

export interface RunningHealth {
  readonly port: number;
  close(): Promise<void>;
}

export async function startHealth({ host, port, unready, metrics }: HealthOptions): Promise<RunningHealth> {
  const server: Server = createServer({ maxHeaderSize: 8 * 1024, requestTimeout: 5_000 }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const answer = (status: number, body: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4', connection: 'close' });
      response.end(`${body}\n`);
    };
    if (request.method !== 'GET') answer(405, 'GET is answered');
    else if (path === '/livez') answer(200, 'ok');
    else if (path === '/metrics') answer(200, metrics().join('\n'));
    else if (path === '/readyz') {
      const reason = unready();
      answer(reason === undefined ? 200 : 503, reason ?? 'ok');
    } else answer(404, 'there is /livez, /readyz and /metrics');
  });
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
