// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { supplierOf } from './suppliers.ts';

describe('supplierOf', () => {
  it.each([
    ['PyPI', 'seal-requests', '', { ecosystem: 'Seal:PyPI', certainty: 'sure' }],
    ['PyPI', 'django', '4.2.8+sp1', { ecosystem: 'Seal:PyPI', certainty: 'sure' }],
    ['npm', 'ejs', '3.1.8-sp1', { ecosystem: 'Seal:npm', certainty: 'candidate' }],
    ['npm', 'ejs', '3.1.8', undefined],
    ['Maven', 'seal.space:thing', '1.0', undefined],
    ['Hex', 'seal-cowboy', '2.9.0', undefined],
    ['PyPI', '', '1.0', undefined],
  ])('%s %s %s', (ecosystem, name, version, expected) => {
    expect(supplierOf(ecosystem, name, version)).toEqual(expected);
  });
});
