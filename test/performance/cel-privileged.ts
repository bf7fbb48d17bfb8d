// SPDX-License-Identifier: Apache-2.0
// The commonest shape of policy on raw JSON: evaluations a second on one core, against the same test written as a JavaScript function.
import { CelEnvironment } from '../../src/policy/cel/environment.ts';
import { coreLibraries, extensionLibraries } from '../../src/policy/cel/libraries.ts';
import { compileCel } from '../../src/policy/cel/program.ts';
import { dynType } from '../../src/policy/cel/types.ts';
import type { CelValue } from '../../src/policy/cel/values.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';

const text = 'object.spec.containers.all(c, !has(c.securityContext) || c.securityContext.privileged != true)';
const rounds = 9;
const evaluations = 200_000;

interface Pod {
  readonly spec: { readonly containers: readonly { readonly securityContext?: { readonly privileged?: boolean } }[] };
}

export const celPrivileged: Bench = {
  name: 'cel-privileged',
  title:
    'evaluations a second of a quantifier over two containers of raw JSON, against a JavaScript function that does the same',
  run: () => {
    const environment = new CelEnvironment({
      libraries: [...coreLibraries, ...extensionLibraries],
      variables: [{ name: 'object', type: dynType }],
    });
    const compiled = compileCel(text, environment);
    if (compiled.kind === 'fault') throw new Error('the expression does not compile');
    const { program } = compiled;
    const pods = [pod(false), pod(true)];
    const slots = pods.map((object): CelValue[] => [object as unknown as CelValue, null]);
    const ours: number[] = [];
    const bare: number[] = [];
    let denied = 0;
    // Two rounds more, uncounted.
    for (let round = -2; round < rounds; round += 1) {
      const cel = rate(() => {
        for (let index = 0; index < evaluations; index += 1)
          if (program.evaluateSlots(slots[index & 1] ?? [], 1_000_000).value === false) denied += 1;
      });
      const plain = rate(() => {
        for (let index = 0; index < evaluations; index += 1) if (!isAllowed(pods[index & 1])) denied += 1;
      });
      if (round < 0) continue;
      ours.push(cel);
      bare.push(plain);
    }
    return Promise.resolve({
      unit: 'evaluations/s',
      value: Math.round(median(ours)),
      baseline: Math.round(median(bare)),
      detail: { evaluations, rounds, denied },
    });
  },
};

function rate(run: () => void): number {
  const start = performance.now();
  run();
  return evaluations / ((performance.now() - start) / 1_000);
}

function pod(privileged: boolean): Pod {
  const text = JSON.stringify({
    spec: { containers: [{ name: 'a' }, { name: 'b', securityContext: { privileged, runAsNonRoot: true } }] },
  });
  return JSON.parse(text) as Pod;
}

function isAllowed(object: Pod | undefined): boolean {
  return object?.spec.containers.every((container) => container.securityContext?.privileged !== true) ?? true;
}
