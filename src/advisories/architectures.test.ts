// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isOfArchitecture } from './architectures.ts';

function affects(named: readonly string[], own: string | undefined): boolean {
  return isOfArchitecture({ architectures: named, fixState: 'unknown' }, own);
}

function clears(named: readonly string[], own: string | undefined): boolean {
  return isOfArchitecture({ architectures: named, fixState: 'not-affected' }, own);
}

describe('isOfArchitecture', () => {
  it('takes the spellings of Debian and of the kernel for one', () => {
    expect(affects(['x86_64'], 'amd64')).toBe(true);
    expect(affects(['arm64'], 'x86_64')).toBe(false);
  });

  it('errs on the side of a finding where an architecture is missing', () => {
    expect(affects(['x86_64'], undefined)).toBe(true);
    expect(affects(['x86_64'], 'noarch')).toBe(true);
    expect(affects(['noarch'], 'aarch64')).toBe(true);
  });

  it('clears only the very build that is named', () => {
    expect(clears(['x86_64'], '')).toBe(false);
    expect(clears(['x86_64'], 'noarch')).toBe(false);
    expect(clears(['noarch'], 'x86_64')).toBe(false);
    expect(clears(['src'], 'x86_64')).toBe(true);
    expect(clears([], 'x86_64')).toBe(true);
  });
});
