// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linkedCrypto } from './go-crypto.ts';
import { symbolsByPackage } from './go-symbols.ts';

describe('linkedCrypto', () => {
  it('tells the kinds of cryptography apart by their functions', () => {
    const names = ['crypto/sha256.(*digest).Write', 'crypto/internal/boring/sig.FIPSOnly', 'main.main'].join('\0');

    expect(linkedCrypto(symbolsByPackage(names) ?? new Map())).toEqual(['crypto/tls/fipsonly', 'standard-crypto']);
  });
});
