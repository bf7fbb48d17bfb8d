// SPDX-License-Identifier: Apache-2.0
// A set of 43 ValidatingAdmissionPolicies with variables and quantifiers on 1,000 Pods: compiling and evaluating together, against copying the same
// Pods as JSON once (what any webhook does before it judges).
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { outputOfNode } from './process.ts';

const program = fileURLToPath(new URL('./vap-set-program.ts', import.meta.url));

interface Figures {
  readonly policies: number;
  readonly pods: number;
  readonly denials: number;
  /** Milliseconds of each round. */
  readonly ours: readonly number[];
  readonly copies: readonly number[];
  /** The most that the first round held, as a process that judges a folder once would. */
  readonly 'rss MB': number;
}

export const vapSet: Bench = {
  name: 'vap-set',
  title: 'milliseconds to compile 43 admission policies and judge 1,000 Pods, against one JSON copy of the Pods',
  run: async () => {
    const { ours, copies, ...detail } = JSON.parse(await outputOfNode([program])) as Figures;
    return {
      unit: 'ms',
      value: Math.round(median(ours)),
      baseline: Math.max(1, Math.round(median(copies))),
      detail,
    };
  },
};
