// SPDX-License-Identifier: Apache-2.0
// Reviews of Pods with an image that the webhook sees for the first time: it is looked up in a registry on loopback, its signature by a key is verified, and
// 33 other policies judge the Pod. One after the other, then eight at a time, then all again, when everything is at hand.
import { Agent, request } from 'node:https';
import type { BenchServer } from './admission-process.ts';
import { startServer } from './admission-process.ts';
import { reviewOfImage } from './admission-set.ts';
import type { Bench } from './bench.ts';
import { coldImages } from './bench-registry.ts';

const count = 400;
const atOnce = 8;
/** Milliseconds that the 99th percentile may take. */
const line = 250;

export const admissionCold: Bench = {
  name: 'admission-cold',
  title: `ms of the slowest of a hundred reviews (p99) whose image is seen for the first time, against the ${line} ms it may take`,
  run: async () => {
    const server = await startServer('webhook', 0, count + atOnce);
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce, ca: server.authority, servername: 'localhost' });
    const names = coldImages(count + atOnce);
    try {
      // The connections, and the program's first steps, are not what is measured.
      await inParallel(
        names.slice(0, atOnce),
        (name, index) => review(server, agent, reviewOfImage(name, index)),
        atOnce,
      );
      const [first, second] = [names.slice(atOnce, atOnce + count / 2), names.slice(atOnce + count / 2)];
      const alone = await inParallel(first, (name, index) => review(server, agent, reviewOfImage(name, index)), 1);
      const together = await inParallel(
        second,
        (name, index) => review(server, agent, reviewOfImage(name, index)),
        atOnce,
      );
      const warm = await inParallel(first, (name, index) => review(server, agent, reviewOfImage(name, index)), 1);
      const all = [...alone, ...together];
      return {
        unit: 'ms',
        value: at(all, 0.99),
        baseline: line,
        detail: {
          'p50 ms alone': at(alone, 0.5),
          'p99 ms alone': at(alone, 0.99),
          [`p50 ms of ${atOnce} at once`]: at(together, 0.5),
          [`p99 ms of ${atOnce} at once`]: at(together, 0.99),
          'p50 ms when seen before': at(warm, 0.5),
          images: count,
          'peak MB': Math.round(server.peak()),
        },
      };
    } finally {
      agent.destroy();
      await server.stop();
    }
  },
};

/** Milliseconds until the answer. Rejects when the Pod is not admitted: a bench of refusals measures nothing. */
function review({ port }: BenchServer, agent: Agent, body: string): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        path: '/validate?timeout=10s',
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          if (answer.includes('"allowed":true')) resolve(performance.now() - started);
          else reject(new Error(`not admitted: ${answer.slice(0, 500)}`));
        });
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}

async function inParallel(
  names: readonly string[],
  run: (name: string, index: number) => Promise<number>,
  width: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  const queue = names.entries();
  const next = async (): Promise<void> => {
    for (const [index, name] of queue) times.push(await run(name, index));
  };
  await Promise.all(Array.from({ length: width }, next));
  return times;
}

function at(times: readonly number[], share: number): number {
  const sorted = Float64Array.from(times).sort();
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
}
