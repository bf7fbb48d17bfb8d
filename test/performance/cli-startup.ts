// SPDX-License-Identifier: Apache-2.0
// CPU time of `landwaiter --version` against `node -e 0`, whole processes.
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { alternate, launcher, runNode } from './process.ts';

const rounds = 21;

export const cliStartup: Bench = {
  name: 'cli-startup',
  title: '`landwaiter --version` against `node -e 0`, CPU time',
  run: async () => {
    const [ours, bare] = await alternate(
      rounds,
      () => runNode([launcher, '--version']),
      () => runNode(['-e', '0']),
    );
    return {
      unit: 'ms',
      value: median(ours.map((run) => run.cpu)),
      baseline: median(bare.map((run) => run.cpu)),
      detail: {
        rounds,
        rssMB: Math.round(median(ours.map((run) => run.rss))),
        wallMs: Math.round(median(ours.map((run) => run.wall))),
      },
    };
  },
};
