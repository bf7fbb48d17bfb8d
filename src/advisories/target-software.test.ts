// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseCpe } from '../formats/cpe.ts';
import { isPossiblePlatform } from './platforms.ts';
import { isKnownTarget, isOfTarget, shareTarget, targetFamilies } from './target-software.ts';

function named(target: string) {
  return [parseCpe(`cpe:2.3:a:v:p:1:*:*:*:*:${target}:*:*`) ?? {}];
}

describe('target software', () => {
  it('is one world under many words', () => {
    expect(targetFamilies(['Node.js', 'npm', 'JavaScript', '*', '-'])).toEqual(['npm']);
    expect(shareTarget(['c#'], ['dotnet'])).toBe(true);
    expect(shareTarget(['*'], ['python'])).toBe(false);
    expect(shareTarget(['jenkins ci'], ['jenkins-ci'])).toBe(true);
  });

  it('keeps packages of other worlds out', () => {
    expect(isOfTarget({ type: 'cargo' }, named('*'), named('python'))).toBe(false);
    expect(isOfTarget({ type: 'pypi' }, named('*'), named('python'))).toBe(true);
  });

  it('does not judge what may hold software of any world, or a word that nobody knows', () => {
    expect(isOfTarget({ type: 'deb' }, named('*'), named('python'))).toBe(true);
    expect(isOfTarget({ type: 'cargo' }, named('*'), named('*'))).toBe(true);
    expect(isOfTarget({ type: 'cargo' }, named('*'), named('abc'))).toBe(true);
    expect(isKnownTarget('joomla')).toBe(true);
    expect(isKnownTarget('abc')).toBe(false);
  });
});

describe('isPossiblePlatform', () => {
  const debian = { id: 'debian', idLike: [], versionId: '12', name: 'Debian' };

  it('compares the systems it knows', () => {
    expect(isPossiblePlatform('cpe:2.3:o:microsoft:windows_10:-:*:*:*:*:*:*:*', debian)).toBe(false);
    expect(isPossiblePlatform('cpe:2.3:o:debian:debian_linux:12:*:*:*:*:*:*:*', debian)).toBe(true);
    expect(isPossiblePlatform('cpe:2.3:o:canonical:ubuntu_linux:-:*:*:*:*:*:*:*', debian)).toBe(false);
  });

  it('lets pass what cannot be told', () => {
    expect(isPossiblePlatform('cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*', undefined)).toBe(true);
    expect(isPossiblePlatform('cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*', debian)).toBe(true);
    expect(isPossiblePlatform(';;;', debian)).toBe(true);
  });
});
