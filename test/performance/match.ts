// SPDX-License-Identifier: Apache-2.0
// Opening the database and matching 3,000 packages in a fresh process, against reading and hashing the same shards in another.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';

const script = fileURLToPath(new URL('./match-process.ts', import.meta.url));
const rounds = 9;

interface Figures {
  readonly milliseconds: number;
  readonly rss: number;
}

function measure(what: 'ours' | 'bare'): Figures {
  return JSON.parse(execFileSync(process.execPath, [script, what], { encoding: 'utf8' })) as Figures;
}

export const matchBench: Bench = {
  name: 'match',
  title: 'opening the database and matching 3,000 packages, cold, against reading and hashing the same shards',
  run: async () => {
    const ours: Figures[] = [];
    const bare: Figures[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(measure('ours'));
      bare.push(measure('bare'));
    }
    return {
      unit: 'ms',
      value: median(ours.map((run) => run.milliseconds)),
      baseline: median(bare.map((run) => run.milliseconds)),
      detail: { rounds, packages: 3000, rssMB: Math.round(Math.max(...ours.map((run) => run.rss))) },
    };
  },
};
