// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { kubernetesEnvironment } from '../../src/policy/cel/kubernetes.ts';
import { compileCel } from '../../src/policy/cel/program.ts';
import { dynType } from '../../src/policy/cel/types.ts';

const environment = kubernetesEnvironment({ variables: [{ name: 'x', type: dynType }] });

/** Why it is refused, or that it was compiled and evaluated. */
function outcome(text: string): string {
  const compiled = compileCel(text, environment);
  if (compiled.kind === 'fault') return compiled.faults[0]?.message ?? '';
  compiled.program.evaluate({ x: [1] }, 1_000_000);
  return 'evaluated';
}

describe('CEL expressions of hundreds of kilobytes', () => {
  it.each([
    ['parentheses', '('.repeat(500_000), 'nested too deeply'],
    ['open lists', '['.repeat(1_000_000), 'nested too deeply'],
    ['selections', `x${'.x'.repeat(500_000)}`, 'too many selections'],
    ['additions', `1${'+1'.repeat(500_000)}`, 'too many operators'],
    ['conditions', `${'x?1:'.repeat(250_000)}1`, 'nested too deeply'],
    ['macros in macros', 'x.all(a,'.repeat(125_000), 'nested too deeply'],
    ['calls', `x${'.size()'.repeat(140_000)}`, 'too many selections'],
    ['negations', `${'!'.repeat(1_000_000)}true`, 'evaluated'],
    ['alternatives', Array(100_000).fill('x').join('||'), 'evaluated'],
    ['comparisons, each with a type of its own', Array(30_000).fill('[]==[]').join('&&'), 'evaluated'],
    ['empty lists, whose types depend on each other', `[${'[],'.repeat(60_000)}[]]`, 'evaluated'],
    ['a text', `"${'a'.repeat(1_000_000)}"`, 'evaluated'],
  ])('are compiled or refused, and never throw: %s', (_, text, expected) => {
    const result = outcome(text);

    expect(result).toContain(expected);
  });
});
