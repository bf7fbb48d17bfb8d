// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSemanticVersions, parseSemanticVersion, parseVersionRange } from './semantic-version.ts';

function fits(range: string, version: string): boolean | undefined {
  const read = parseSemanticVersion(version);
  return read === undefined ? undefined : parseVersionRange(range)?.(read);
}

describe('semantic versions', () => {
  it('are ordered as semver.org section 11 orders them', () => {
    const sorted = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0',
      '1.0.1',
    ];

    const read = sorted.flatMap((text) => parseSemanticVersion(text) ?? []);

    expect(read).toHaveLength(sorted.length);
    expect(read.toReversed().toSorted(compareSemanticVersions)).toEqual(read);
  });

  it.each(['', '1', '1.2', 'v1.2.3', '01.2.3', '1.2.3-', '1.2.3-01', '1.2.3+a..b'])('are not %j', (text) => {
    expect(parseSemanticVersion(text)).toBeUndefined();
  });
});

describe('ranges of versions', () => {
  it.each([
    ['>=4.1.x', '4.1.3', true],
    ['>4.1.x', '4.1.9', false],
    ['<=4.1.x', '4.1.9', true],
    ['1.x', '1.9.9', true],
    ['1.x.x', '2.0.0', false],
    ['> 1.0.0 < 2.0.0', '1.8.6', true],
    ['<2.0.0 || >=3.0.0', '2.1.5', false],
    ['!=1.2.3', '1.2.4', true],
    ['=1.2.3', '1.2.3', true],
    ['!4.x.x', '4.1.3', false],
  ])('%s holds of %s: %s', (range, version, expected) => {
    expect(fits(range, version)).toBe(expected);
  });

  it.each(['', 'x', '~1.2.3', '^1.0.0', '>=1.2', '1.2.3 ||'])('are not %j', (range) => {
    expect(parseVersionRange(range)).toBeUndefined();
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void fits(text, '1.2.3')));
    fc.assert(fc.property(fc.stringMatching(/^[<>=!x0-9. |]{0,30}$/), (text) => void fits(text, '1.2.3')));
  });
});
