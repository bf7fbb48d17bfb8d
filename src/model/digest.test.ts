// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { digestOf, digestOfBase64 } from './digest.ts';

describe('digestOfBase64', () => {
  it('gives the same as the digest in hex', () => {
    const bytes = Buffer.from(Array.from({ length: 64 }, (_, index) => index * 3));

    expect(digestOfBase64('SHA-512', bytes.toString('base64'))).toBe(digestOf('sha512', bytes.toString('hex')));
    expect(digestOfBase64('sha1', bytes.toString('base64', 0, 20))).toBe(
      digestOf('sha1', bytes.toString('hex', 0, 20)),
    );
  });

  it('refuses what is too short, too long or of an unknown algorithm', () => {
    expect(digestOfBase64('sha256', Buffer.alloc(31).toString('base64'))).toBeUndefined();
    expect(digestOfBase64('sha512', Buffer.alloc(65).toString('base64'))).toBeUndefined();
    expect(digestOfBase64('sha512', Buffer.alloc(5_000).toString('base64'))).toBeUndefined();
    expect(digestOfBase64('whirlpool', Buffer.alloc(64).toString('base64'))).toBeUndefined();
  });
});
