// SPDX-License-Identifier: Apache-2.0
// The webhook at half of what it can do, with policies swapped twice a second and one hostile request in a hundred: what it holds at the end against what
// it held once warm, and whether any verdict was wrong. LANDWAITER_SOAK_MINUTES says how long (1 when not given; 10 for the figure that counts).
import { callServer, startServer } from './admission-process.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';

const swapEvery = 500;
const longest = 60;

export const admissionSoak: Bench = {
  name: 'admission-soak',
  title: 'resident MB of the webhook at the end of a soak, against the same once it was warm',
  run: async () => {
    const minutes = Math.min(longest, Number(process.env['LANDWAITER_SOAK_MINUTES'] ?? 1));
    const webhook = await startServer('webhook', swapEvery);
    const samples: number[] = [];
    try {
      const order = { connections: 16, warmUpSeconds: 5, hostileEvery: 0, expects: 'verdicts' } as const;
      const most = await callServer(webhook, { ...order, seconds: 5 });
      const half = Math.max(1, Math.floor(most.perSecond / 2));
      const soaking = { ...order, hostileEvery: 100, perSecond: half };
      // Once through everything that is remembered for later, with hostile requests: what is held then is what may be held.
      const warm = await callServer(webhook, { ...soaking, seconds: Math.max(10, minutes * 6), warmUpSeconds: 0 });
      const timer = setInterval(() => samples.push(webhook.rss()), 500);
      const soak = await callServer(webhook, { ...soaking, seconds: minutes * 60, warmUpSeconds: 0 });
      clearInterval(timer);
      const tenth = Math.max(1, Math.floor(samples.length / 10));
      return {
        unit: 'MB',
        value: median(samples.slice(-tenth)),
        baseline: median(samples.slice(0, tenth)),
        detail: {
          minutes,
          requests: soak.requests,
          'requests/s': Math.round(soak.perSecond),
          'hostile requests': soak.hostile + warm.hostile,
          'wrong verdicts': soak.wrong + warm.wrong + most.wrong,
          'p99 ms': Number(soak.p99.toFixed(2)),
          'peak MB': Math.round(webhook.peak()),
        },
      };
    } finally {
      await webhook.stop();
    }
  },
};
