// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { explainResult, printExplained } from './explanation.ts';
import { kubernetesEnvironment } from './kubernetes.ts';
import { compileCel } from './program.ts';
import { dynType } from './types.ts';
import type { CelValue } from './values.ts';

const environment = kubernetesEnvironment({ variables: [{ name: 'object', type: dynType }] });

function explain(text: string, object: CelValue): readonly string[] {
  const compiled = compileCel(text, environment, { trace: 'on' });
  if (compiled.kind === 'fault') throw new Error(compiled.faults[0]?.message);
  const { trace = [] } = compiled.program.evaluate({ object });
  return explainResult(compiled.program, trace).map(
    ({ start, end, value }) => `${text.slice(start, end)} = ${printExplained(value)}`,
  );
}

describe('an explanation', () => {
  it('shows the comparison that is false and what it compared', () => {
    const parts = explain('object.a == 1 && object.b > 5', { a: 1, b: 3 });

    expect(parts).toEqual(['object.b > 5 = false', 'object.b = 3']);
  });

  it('shows the element that broke a rule for all', () => {
    const parts = explain('object.items.all(i, i.image.startsWith("a"))', {
      items: [{ image: 'ax' }, { image: 'bx' }],
    });

    expect(parts).toEqual(['i.image.startsWith("a") = false', 'i.image = "bx"']);
  });

  it('shows all sides of an alternative when none holds', () => {
    const parts = explain('has(object.x) || object.y', { y: false });

    expect(parts).toEqual(['has(object.x) = false', 'object = {"y":false}', 'object.y = false']);
  });

  it('shows the error and where it came from', () => {
    const parts = explain('object.a.b == 1', { a: {} });

    expect(parts[0]).toBe('object.a.b == 1 = error: no such key: b');
  });

  it('is not kept when nobody asked for it', () => {
    const compiled = compileCel('object.a', environment);

    const result = compiled.kind === 'program' ? compiled.program.evaluate({ object: { a: 1 } }) : undefined;

    expect(result).not.toHaveProperty('trace');
  });
});
