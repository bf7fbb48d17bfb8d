// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKubernetesQuantity, parseKubernetesQuantity } from './kubernetes-quantity.ts';

describe('quantities of Kubernetes', () => {
  it.each([
    ['1Ki', 1_024n],
    ['-2k', -2_000n],
    ['1e3', 1_000n],
    ['1E', 10n ** 18n],
    ['.5Gi', 536_870_912n],
    ['1.', 1n],
  ])('read %s', (text, whole) => {
    expect(parseKubernetesQuantity(text)?.nano).toBe(whole * 1_000_000_000n);
  });

  it.each(['', '.', '1ki', '1 Gi', '1K', 'Gi', '1.2.3', '0x10', '1e'])('are not %j', (text) => {
    expect(parseKubernetesQuantity(text)).toBeUndefined();
  });

  it('round what is finer than a billionth up, away from zero', () => {
    const read = ['0.1n', '-0.1n'].map((text) => parseKubernetesQuantity(text)?.nano);

    expect(read).toEqual([1n, -1n]);
  });

  it.each([
    ['1.5Gi', '1536Mi'],
    ['0.5', '500m'],
    ['1000', '1k'],
    ['30', '30'],
    ['1024', '1024'],
    ['1023Ki', '1023Ki'],
    ['-1Ki', '-1Ki'],
    ['0.5Ki', '512'],
    ['2e3', '2e3'],
    ['0Ki', '0'],
  ])('print %s as %s', (text, canonical) => {
    const quantity = parseKubernetesQuantity(text);

    expect(quantity === undefined ? undefined : formatKubernetesQuantity(quantity)).toBe(canonical);
  });

  it('read what they print', () => {
    const quantity = fc.record({
      nano: fc.bigInt({ min: -(1n << 90n), max: 1n << 90n }),
      format: fc.constantFrom('DecimalSI', 'BinarySI', 'DecimalExponent'),
    });

    fc.assert(
      fc.property(quantity, (value) => {
        expect(parseKubernetesQuantity(formatKubernetesQuantity(value))?.nano).toBe(value.nano);
      }),
    );
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseKubernetesQuantity(text)));
  });
});
