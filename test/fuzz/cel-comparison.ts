// SPDX-License-Identifier: Apache-2.0
// Random expressions through both engines, and the differences sorted into those that have a reason and those that have none.
import { Random, randomExpression } from './cel-expressions.ts';
import { knownDifferences } from './cel-known-differences.ts';
import { activations, ours, theirs } from './cel-oracle.ts';

export interface Difference {
  readonly expression: string;
  /** Index of the activation. */
  readonly activation: number;
  readonly ours: string;
  readonly theirs: string;
}

export interface Comparison {
  readonly expressions: number;
  /** Of these, how many were errors on both sides. */
  readonly errors: number;
  /** By reason. */
  readonly explained: Readonly<Record<string, number>>;
  readonly unexplained: readonly Difference[];
}

export function compareEngines(count: number, seed: number): Comparison {
  const random = new Random(seed);
  const explained: Record<string, number> = {};
  const unexplained: Difference[] = [];
  let errors = 0;
  for (let index = 0; index < count; index += 1) {
    const expression = randomExpression(random);
    const activation = index % activations.length;
    const values = activations[activation];
    if (values === undefined) continue;
    const difference = { expression, activation, ours: ours(expression, values), theirs: theirs(expression, values) };
    if (difference.ours === difference.theirs) {
      if (difference.ours === 'error') errors += 1;
      continue;
    }
    const known = knownDifferences.find((candidate) => candidate.applies(difference));
    if (known === undefined) unexplained.push(difference);
    else explained[known.reason] = (explained[known.reason] ?? 0) + 1;
  }
  return { expressions: count, errors, explained, unexplained };
}
