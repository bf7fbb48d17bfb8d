// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gemRequirement } from './gem-requirement.ts';
import type { IntervalSet } from './interval-set.ts';
import {
  complementOf,
  differenceOf,
  endAtFixes,
  everyVersion,
  intersectionOf,
  intervalsOfSet,
  setOfAlternatives,
  setOfIntervals,
  unionOf,
} from './interval-set.ts';
import { contains } from './ranges.ts';
import { parseRange } from './version-text/semver-range.ts';
import { npm } from './versions/npm.ts';
import { rubygems } from './versions/rubygems.ts';

const set = (range: string): IntervalSet =>
  setOfAlternatives(parseRange(range, { bare: 'equal', caretOfZero: 'leftmost' }) ?? [], npm);
const words = (value: IntervalSet): unknown => intervalsOfSet(value, npm);
const has = (value: IntervalSet, version: string): boolean =>
  intervalsOfSet(value, npm).some((interval) => contains(interval, version, npm));

describe('sets of versions', () => {
  it('come from constraints and go back to intervals', () => {
    expect(words(set('>=1.0.0 <2.0.0 || >=3.0.0 <=3.5.0'))).toEqual([
      { introduced: '1.0.0', fixed: '2.0.0' },
      { introduced: '3.0.0', lastAffected: '3.5.0' },
    ]);
    expect(words(set('1.x'))).toEqual([{ introduced: '1.0.0', fixed: '2.0.0' }]);
    expect(words(set('*'))).toEqual([{}]);
    expect(words(set('<1.0.0 >2.0.0'))).toEqual([]);
  });

  it('that overlap or touch become one', () => {
    expect(words(set('>=1.0.0 <1.5.0 || >=1.5.0 <2.0.0 || >=1.2.0 <1.3.0'))).toEqual([
      { introduced: '1.0.0', fixed: '2.0.0' },
    ]);
  });

  it('have complements with open and closed ends', () => {
    expect(words(complementOf(set('>=1.0.0 <2.0.0')))).toEqual([{ fixed: '1.0.0' }, { introduced: '2.0.0' }]);
    expect(words(complementOf(set('>1.0.0')))).toEqual([{ lastAffected: '1.0.0' }]);
    expect(words(complementOf(set('<=1.0.0')))).toEqual([{ introduced: '1.0.1-0' }]);
    expect(words(complementOf(everyVersion))).toEqual([]);
    expect(words(complementOf([]))).toEqual([{}]);
  });

  it('can be taken from each other', () => {
    expect(words(differenceOf(set('8.x || 7.x'), set('^8.1.4 || ^7.10.1'), npm))).toEqual([
      { introduced: '7.0.0', fixed: '7.10.1' },
      { introduced: '8.0.0', fixed: '8.1.4' },
    ]);
  });

  it('end at the fix where one is named', () => {
    expect(words(endAtFixes(set('<=1.5.1'), set('>=1.5.2'), npm))).toEqual([{ fixed: '1.5.2' }]);
    expect(words(endAtFixes(set('<=1.5.1 || >=2.0.0 <=2.2.0'), set('>=2.2.1'), npm))).toEqual([
      { lastAffected: '1.5.1' },
      { introduced: '2.0.0', fixed: '2.2.1' },
    ]);
    expect(words(endAtFixes(set('<=1.5.1'), [], npm))).toEqual([{ lastAffected: '1.5.1' }]);
  });

  it('of affected intervals and listed versions are alike', () => {
    const both = setOfIntervals([{ fixed: '1.0.0' }, { introduced: '2.0.0', lastAffected: '2.5.0' }], ['3.0.0'], npm);

    expect(words(both)).toEqual([
      { fixed: '1.0.0' },
      { introduced: '2.0.0', lastAffected: '2.5.0' },
      { introduced: '3.0.0', lastAffected: '3.0.0' },
    ]);
  });

  it('agree with the operations on single versions', () => {
    const version = fc.tuple(fc.nat(4), fc.nat(4)).map(([major, minor]) => `${major}.${minor}.0`);
    const constraint = fc
      .array(
        fc.tuple(fc.constantFrom('<', '<=', '>', '>=', '='), version).map(([operator, bound]) => operator + bound),
        { minLength: 1, maxLength: 2 },
      )
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(
        fc.array(constraint, { minLength: 1, maxLength: 3 }),
        fc.array(constraint, { minLength: 1, maxLength: 3 }),
        version,
        (left, right, probe) => {
          const [a, b] = [set(left.join(' || ')), set(right.join(' || '))];

          expect(has(unionOf([a, b], npm), probe)).toBe(has(a, probe) || has(b, probe));
          expect(has(intersectionOf(a, b, npm), probe)).toBe(has(a, probe) && has(b, probe));
          expect(has(complementOf(a), probe)).toBe(!has(a, probe));
          expect(has(differenceOf(a, b, npm), probe)).toBe(has(a, probe) && !has(b, probe));
          expect(npm.satisfies(probe, left.join(' || '))).toBe(has(a, probe));
        },
      ),
    );
  });
});

describe('requirements of gems', () => {
  it.each([
    ['~> 2.3.18', ['2.3.18', '2.3.99'], ['2.3.17', '2.4.0', '2.4.0.rc1', '3.0']],
    ['~> 2', ['2', '2.9'], ['1.9', '3.0', '3.0.pre']],
    ['>= 1.2, < 1.5', ['1.2', '1.4.9'], ['1.1', '1.5']],
    ['= 1.3.5', ['1.3.5', '1.3.5.0'], ['1.3.4', '1.3.6']],
  ])('%s admits what RubyGems admits', (requirement, inside, outside) => {
    const admitted = setOfAlternatives(gemRequirement(requirement) ?? [], rubygems);
    const holds = (version: string): boolean =>
      intervalsOfSet(admitted, rubygems).some((interval) => contains(interval, version, rubygems));

    expect(inside.filter((version) => !holds(version))).toEqual([]);
    expect(outside.filter(holds)).toEqual([]);
  });

  it('that are none are not guessed at', () => {
    expect(['', 'latest', '>= ', '~> x', '1.0 || 2.0'].map(gemRequirement)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
