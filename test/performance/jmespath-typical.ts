// SPDX-License-Identifier: Apache-2.0
// Expressions as Kyverno's policies are full of: a path, a path with a default, and a projection with a filter. Evaluations a second on one core,
// against the same questions written as JavaScript functions.
import { compileJmespath } from '../../src/policy/jmespath/expression.ts';
import { functionsOfKyverno } from '../../src/policy/jmespath/kyverno-functions/index.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';

const texts = [
  'request.object.metadata.labels.app',
  "request.object.metadata.annotations.owner || 'nobody'",
  "request.object.spec.containers[?image != 'a:1'].name",
];
const rounds = 9;
const evaluations = 300_000;

interface Pod {
  readonly request: {
    readonly object: {
      readonly metadata: {
        readonly labels?: { readonly app?: string };
        readonly annotations?: { readonly owner?: string };
      };
      readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
    };
  };
}

const pod: Pod = {
  request: {
    object: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'a', image: 'a:1' },
          { name: 'b', image: 'b:1' },
        ],
      },
    },
  },
};

const bareFunctions: readonly ((value: Pod) => unknown)[] = [
  ({ request }) => request.object.metadata.labels?.app ?? null,
  ({ request }) => request.object.metadata.annotations?.owner ?? 'nobody',
  ({ request }) => request.object.spec.containers.filter(({ image }) => image !== 'a:1').map(({ name }) => name),
];

export const jmespathTypical: Bench = {
  name: 'jmespath-typical',
  title: 'evaluations a second of compiled JMESPath expressions, against JavaScript functions that do the same',
  run: () => {
    const expressions = texts.map((text) => {
      const compiled = compileJmespath(text, { dialect: 'kyverno', functions: functionsOfKyverno });
      if (compiled.kind === 'fault') throw new Error(compiled.message);
      return compiled;
    });
    const ours: number[] = [];
    const bare: number[] = [];
    let faults = 0;
    // Two rounds more, uncounted.
    for (let round = -2; round < rounds; round += 1) {
      const compiled = rate(() => {
        for (let index = 0; index < evaluations; index += 1)
          if (expressions[index % 3]?.evaluate(pod).kind === 'fault') faults += 1;
      });
      const plain = rate(() => {
        for (let index = 0; index < evaluations; index += 1)
          if (bareFunctions[index % 3]?.(pod) === undefined) faults += 1;
      });
      if (round < 0) continue;
      ours.push(compiled);
      bare.push(plain);
    }
    return Promise.resolve({
      unit: 'evaluations/s',
      value: Math.round(median(ours)),
      baseline: Math.round(median(bare)),
      detail: { evaluations, rounds, faults, expressions: texts.length },
    });
  },
};

function rate(run: () => void): number {
  const start = performance.now();
  run();
  return evaluations / ((performance.now() - start) / 1_000);
}
