// SPDX-License-Identifier: Apache-2.0
// The webhook with 17 pattern policies, 16 CEL policies and an image that was verified before, against a server that reads the same reviews as JSON and
// admits them all: 16 connections that stay open, one process each, in turn. Each Pod has a name and a uid of its own and is one of a hundred workloads; what it costs
// when no verdict is remembered, as for a workload that was never seen, is told beside it.
import type { LoadResult } from './admission-load.ts';
import { callServer, startServer } from './admission-process.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';

const rounds = 5;
const connections = 16;

export const admissionWarm: Bench = {
  name: 'admission-warm',
  title: 'reviews a second of the webhook with 34 policies, against an HTTPS server that only reads them',
  run: async () => {
    const webhook = await startServer('webhook');
    const anew = await startServer('webhook-anew');
    const echo = await startServer('echo');
    const order = { connections, seconds: 2, warmUpSeconds: 0.3, hostileEvery: 0 };
    try {
      // The programs under test have to be compiled by the engine first, as after some minutes in a cluster.
      await callServer(webhook, { ...order, seconds: 1, warmUpSeconds: 12, expects: 'verdicts' });
      await callServer(anew, { ...order, seconds: 1, warmUpSeconds: 12, expects: 'verdicts' });
      await callServer(echo, { ...order, seconds: 1, expects: 'answers' });
      const ours: LoadResult[] = [];
      const ofNew: LoadResult[] = [];
      const theirs: LoadResult[] = [];
      const before = [webhook.cpu(), echo.cpu()] as const;
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await callServer(webhook, { ...order, expects: 'verdicts' }));
        ofNew.push(await callServer(anew, { ...order, seconds: 1, expects: 'verdicts' }));
        theirs.push(await callServer(echo, { ...order, expects: 'answers' }));
      }
      const costs = [costOf(webhook.cpu() - before[0], ours), costOf(echo.cpu() - before[1], theirs)] as const;
      const p99 = median(ours.map((result) => result.p99));
      const echoP99 = median(theirs.map((result) => result.p99));
      return {
        unit: 'reviews/s',
        value: median(ours.map(({ perSecond }) => perSecond)),
        baseline: median(theirs.map(({ perSecond }) => perSecond)),
        detail: {
          'p50 ms': rounded(median(ours.map(({ p50 }) => p50))),
          'p50 ms of the echo': rounded(median(theirs.map(({ p50 }) => p50))),
          'p99 ms': rounded(p99),
          'p99 ms of the echo': rounded(echoP99),
          'p99 ratio': rounded(p99 / echoP99),
          'reviews/s when nothing is remembered': Math.round(median(ofNew.map(({ perSecond }) => perSecond))),
          'cpu ms of a review': rounded(costs[0]),
          'cpu ms of an echo': rounded(costs[1]),
          'wrong verdicts': [...ours, ...ofNew].reduce((sum, { wrong }) => sum + wrong, 0),
          'rss MB': Math.round(webhook.rss()),
        },
      };
    } finally {
      await Promise.all([webhook.stop(), anew.stop(), echo.stop()]);
    }
  },
};

/** Processor time of the server for one request; a busy machine does not change it much. */
function costOf(milliseconds: number, results: readonly LoadResult[]): number {
  return (
    milliseconds /
    Math.max(
      1,
      results.reduce((sum, { requests, uncounted }) => sum + requests + uncounted, 0),
    )
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
