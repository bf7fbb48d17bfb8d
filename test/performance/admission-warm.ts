// SPDX-License-Identifier: Apache-2.0
// The webhook with 17 pattern policies, 16 CEL policies and an image that was verified before, against a server that reads the same reviews as JSON and
// admits them all: 16 connections that stay open, one process each, in turn.
import { callServer, startServer } from './admission-process.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';

const rounds = 3;
const connections = 16;

export const admissionWarm: Bench = {
  name: 'admission-warm',
  title: 'reviews a second of the webhook with 34 policies, against an HTTPS server that only reads them',
  run: async () => {
    const webhook = await startServer('webhook');
    const echo = await startServer('echo');
    const order = { connections, seconds: 4, warmUpSeconds: 1, hostileEvery: 0 };
    try {
      // The programs under test have to be compiled by the engine first, as after some minutes in a cluster.
      await callServer(webhook, { ...order, seconds: 1, warmUpSeconds: 4, expects: 'verdicts' });
      await callServer(echo, { ...order, seconds: 1, expects: 'answers' });
      const ours = [];
      const theirs = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await callServer(webhook, { ...order, expects: 'verdicts' }));
        theirs.push(await callServer(echo, { ...order, expects: 'answers' }));
      }
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
          'wrong verdicts': ours.reduce((sum, { wrong }) => sum + wrong, 0),
          'rss MB': Math.round(webhook.rss()),
        },
      };
    } finally {
      await Promise.all([webhook.stop(), echo.stop()]);
    }
  },
};

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
