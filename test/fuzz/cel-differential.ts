// SPDX-License-Identifier: Apache-2.0
// Compares our CEL with @bufbuild/cel on random expressions:
//   node test/fuzz/cel-differential.ts --count 100000 --seed 1
// Prints the differences that have no reason, and ends with 1 when there are some.
import { parseArgs } from 'node:util';
import { compareEngines } from './cel-comparison.ts';
import { corrections } from './cel-corrections.ts';

const { values } = parseArgs({
  options: { count: { type: 'string' }, seed: { type: 'string' }, show: { type: 'string' } },
});
const seed = Number(values.seed ?? '1');
const { expressions, errors, explained, unexplained } = compareEngines(Number(values.count ?? '100000'), seed);

for (const { expression, activation, ours, theirs } of unexplained.slice(0, Number(values.show ?? '20')))
  console.log(`${expression}\n  activation ${activation}\n  ours   ${ours}\n  theirs ${theirs}`);
console.log('Functions of the other engine that were replaced because they differ from the specification:');
for (const { reason, functions } of corrections)
  console.log(`  ${[...new Set(functions.map(({ name }) => name))].join(', ')}: ${reason}`);
for (const [reason, count] of Object.entries(explained)) console.log(`explained, ${count} times: ${reason}`);
console.log(
  `seed ${seed}: ${expressions} expressions, ${errors} errors on both sides, ${unexplained.length} unexplained differences`,
);
process.exitCode = unexplained.length > 0 ? 1 : 0;
