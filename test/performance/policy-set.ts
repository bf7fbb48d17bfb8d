// SPDX-License-Identifier: Apache-2.0
// 300 policies of Kyverno's kinds compiled, and 1,000 Pods judged by all of them, against one JSON copy of the Pods.
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { outputOfNode } from './process.ts';

const program = fileURLToPath(new URL('./policy-set-program.ts', import.meta.url));

interface Figures {
  readonly compiled: number;
  readonly judged: number;
  readonly copies: number;
  readonly 'rss MB': number;
}

export const policySet: Bench = {
  name: 'policy-set',
  title: 'milliseconds to judge 1,000 Pods by 300 policies of Kyverno, against one JSON copy of the Pods',
  run: async () => {
    const { compiled, judged, copies, ...detail } = JSON.parse(await outputOfNode([program])) as Figures;
    return {
      unit: 'ms',
      value: Math.round(judged),
      baseline: Math.max(1, Math.round(copies)),
      detail: { ...detail, 'compile ms': Math.round(compiled) },
    };
  },
};
