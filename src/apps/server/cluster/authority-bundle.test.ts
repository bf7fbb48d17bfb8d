// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { bundleToKeep } from './authority-bundle.ts';

const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const coded = (...bodies: readonly string[]): string => Buffer.from(bodies.map(pem).join('')).toString('base64');

describe('the authorities of a registration', () => {
  it('stay as they are while ours is among them: a renewal names two', () => {
    expect(bundleToKeep(coded('bmV3', 'b2xk'), pem('b2xk'))).toBe(coded('bmV3', 'b2xk'));
  });

  it('are ours where they were others, none, or far too many', () => {
    expect(bundleToKeep(coded('b3RoZXI='), pem('b2xk'))).toBe(coded('b2xk'));
    expect(bundleToKeep(undefined, pem('b2xk'))).toBe(coded('b2xk'));
    expect(bundleToKeep(coded('YQ==', 'Yg==', 'Yw==', 'ZA==', 'b2xk'), pem('b2xk'))).toBe(coded('b2xk'));
  });

  it('are left alone where another program writes them', () => {
    expect(bundleToKeep(coded('b3RoZXI='), undefined)).toBe(coded('b3RoZXI='));
    expect(bundleToKeep(undefined, undefined)).toBeUndefined();
  });
});
