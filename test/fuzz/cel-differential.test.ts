// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compareEngines } from './cel-comparison.ts';

describe('CEL compared with @bufbuild/cel on random expressions', () => {
  it('gives the same results where no reason is known', () => {
    const { unexplained, errors } = compareEngines(1_500, 20_261_123);

    expect(unexplained).toEqual([]);
    // Most expressions are evaluated, not refused.
    expect(errors).toBeLessThan(750);
  });
});
