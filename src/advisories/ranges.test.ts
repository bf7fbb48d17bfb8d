// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VersionInterval } from '../model/advisory.ts';
import {
  affectedByConstraints,
  contains,
  describeInterval,
  fixAbove,
  intervalsOfEvents,
  matchRange,
  type RangeEvent,
  smallestUpgrade,
} from './ranges.ts';
import { dpkg } from './versions/dpkg.ts';
import { npm } from './versions/npm.ts';
import { compareInstalled } from './versions/order.ts';
import { pep440 } from './versions/pep440.ts';

function events(text: string): RangeEvent[] {
  return text.split(' ').map((part) => {
    const [kind = '', version = ''] = part.split(':');
    return { kind: kind as RangeEvent['kind'], version };
  });
}

describe('intervalsOfEvents', () => {
  it.each([
    ['introduced:0 fixed:1.2.3', [{ fixed: '1.2.3' }]],
    ['introduced:1.0.0', [{ introduced: '1.0.0' }]],
    ['introduced:0', [{}]],
    [
      'fixed:2.0.1 introduced:2.0.0 fixed:1.0.1 introduced:0',
      [{ fixed: '1.0.1' }, { introduced: '2.0.0', fixed: '2.0.1' }],
    ],
    ['introduced:1.0.0 lastAffected:1.0.0', [{ introduced: '1.0.0', lastAffected: '1.0.0' }]],
    ['introduced:0 fixed:2.0.0 introduced:2.0.0', [{ fixed: '2.0.0' }, { introduced: '2.0.0' }]],
    ['introduced:0 introduced:1.0.0 fixed:2.0.0 fixed:3.0.0', [{ fixed: '2.0.0' }]],
    ['introduced:0 limit:3.0.0', [{ fixed: '3.0.0' }]],
    ['introduced:0 fixed:1.0.0 introduced:4.0.0 limit:3.0.0', [{ fixed: '1.0.0' }]],
    ['introduced:0 limit:*', [{}]],
    ['fixed:1.0.0', [{ fixed: '1.0.0' }]],
  ])('%s', (text, expected) => {
    expect(intervalsOfEvents(events(text), npm)).toEqual(expected);
  });

  it('gives nothing for no events', () => {
    expect(intervalsOfEvents([], npm)).toEqual([]);
  });

  it('says the same of a version as the algorithm of the OSV schema', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(3)).map(([major, minor]) => `${major}.${minor}.0`);
    const kind = fc.constantFrom<RangeEvent['kind']>('introduced', 'fixed');
    const list = fc.uniqueArray(fc.record({ kind, version }), { selector: (event) => event.version, maxLength: 6 });

    fc.assert(
      fc.property(list, version, (all, one) => {
        const withStart: RangeEvent[] = [{ kind: 'introduced', version: '0' }, ...all];
        let vulnerable = false;
        for (const event of withStart.toSorted((a, b) =>
          a.version === '0' ? -1 : b.version === '0' ? 1 : npm.compare(a.version, b.version),
        )) {
          if (event.version === '0' || npm.compare(one, event.version) >= 0) vulnerable = event.kind === 'introduced';
        }
        return intervalsOfEvents(withStart, npm).some((interval) => contains(interval, one, npm)) === vulnerable;
      }),
    );
  });
});

describe('matchRange', () => {
  it('names the interval that contains the version', () => {
    const interval: VersionInterval = { introduced: '4.0.0', fixed: '4.17.21' };

    expect(matchRange({ ranges: [{ fixed: '3.10.2' }, interval], versions: [] }, '4.17.20', npm)).toEqual({ interval });
  });

  it('finds a listed version in another spelling', () => {
    expect(matchRange({ ranges: [], versions: ['1.0.0'] }, '1.0', pep440)).toEqual({ listed: '1.0.0' });
  });

  it('finds the listed version that the order takes for the same, and no other', () => {
    const part = fc.constantFrom(
      '0',
      '1',
      '2',
      '10',
      '01',
      '1.0',
      '2.10',
      '1.0.0',
      'v1',
      '1!1',
      '0!1',
      '1.0rc1',
      '1.0+a',
      '1.0.post1',
    );
    const version = fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('.'));

    fc.assert(
      fc.property(version, fc.array(version, { maxLength: 4 }), (one, versions) => {
        const same = versions.some((other) => other === one || compareInstalled(pep440, one, other) === 0);
        return (matchRange({ ranges: [], versions }, one, pep440) !== undefined) === same;
      }),
      { numRuns: 500 },
    );
  });

  it('includes a last affected version and excludes a fixed one', () => {
    expect(contains({ lastAffected: '1.5.0' }, '1.5.0', npm)).toBe(true);
    expect(contains({ fixed: '1.5.0' }, '1.5.0', npm)).toBe(false);
  });
});

describe('describeInterval', () => {
  it.each([
    [{ introduced: '4.0.0', fixed: '4.17.21' }, '>= 4.0.0, < 4.17.21'],
    [{ lastAffected: '1.2' }, '<= 1.2'],
    [{ introduced: '0', fixed: '2' }, '< 2'],
    [{}, 'all versions'],
  ])('%j is %s', (interval, text) => {
    expect(describeInterval(interval)).toBe(text);
  });
});

describe('fixAbove', () => {
  const branches = { ranges: [{ fixed: '1.8.8' }, { introduced: '2.0.0', fixed: '2.0.8' }], versions: [] };

  it('names the fix on the branch of the installed version', () => {
    expect([fixAbove(branches, '1.7.0', npm), fixAbove(branches, '2.0.1', npm)]).toEqual(['1.8.8', '2.0.8']);
  });

  it('goes on when a fix lies in the next interval', () => {
    expect(
      fixAbove({ ranges: [{ fixed: '2.0.1' }, { introduced: '2.0.0', fixed: '2.0.8' }], versions: [] }, '1.0.0', npm),
    ).toBe('2.0.8');
  });

  it('knows no fix after a last affected version', () => {
    expect(fixAbove({ ranges: [{ lastAffected: '2.0.0' }], versions: [] }, '1.0.0', npm)).toBeUndefined();
  });

  it('takes the next fix above a listed version', () => {
    expect(fixAbove({ ranges: [{ introduced: '2.0.0', fixed: '2.1.0' }], versions: ['1.0.0'] }, '1.0.0', npm)).toBe(
      '2.1.0',
    );
  });
});

describe('smallestUpgrade', () => {
  it('clears every advisory that has a fix', () => {
    const all = [
      { ranges: [{ fixed: '1.2.0' }], versions: [] },
      { ranges: [{ introduced: '1.1.0', fixed: '1.3.0' }], versions: [] },
      { ranges: [{ introduced: '1.0.0', fixed: '1.0.5' }], versions: [] },
      { ranges: [{}], versions: [] },
    ];

    expect(smallestUpgrade(all, '1.0.0', npm)).toBe('1.3.0');
  });

  it('is undefined when nothing has a fix', () => {
    expect(smallestUpgrade([{ ranges: [{}], versions: [] }], '1.0.0', npm)).toBeUndefined();
  });

  it('does not stop at a version that another advisory affects', () => {
    const all = [
      { ranges: [{ fixed: '1.2.0' }], versions: [] },
      { ranges: [{ introduced: '1.1.0', fixed: '1.4.0' }], versions: [] },
    ];

    expect(smallestUpgrade(all, '1.0.0', npm)).toBe('1.4.0');
  });

  it('gives a version that no advisory affects to which a fix is known', () => {
    const version = fc.tuple(fc.nat(2), fc.nat(4)).map(([major, minor]) => `${major}.${minor}`);
    const interval = fc
      .tuple(version, version)
      .map(([a, b]) => (dpkg.compare(a, b) < 0 ? { introduced: a, fixed: b } : { introduced: b }));
    const advisory = fc.array(interval, { minLength: 1, maxLength: 3 }).map((ranges) => ({ ranges, versions: [] }));

    fc.assert(
      fc.property(fc.array(advisory, { maxLength: 5 }), version, (all, installed) => {
        const matching = all.filter((one) => matchRange(one, installed, dpkg) !== undefined);
        const fixable = matching.filter((one) => fixAbove(one, installed, dpkg) !== undefined);
        const upgrade = smallestUpgrade(all, installed, dpkg);
        if (upgrade === undefined) return fixable.length === 0;
        const left = fixable.filter((one) => matchRange(one, upgrade, dpkg) !== undefined);
        return dpkg.compare(upgrade, installed) > 0 && left.every((one) => fixAbove(one, upgrade, dpkg) === undefined);
      }),
    );
  });
});

describe('affectedByConstraints', () => {
  it.each([
    [{ vulnerable: ['<=1.0'], patched: ['>=1.1'] }, '1.0.0', true],
    [{ vulnerable: ['<2.0.18', '<3.0.16'], patched: ['^2.0.18', '^3.0.16'] }, '2.0.18', false],
    [{ patched: ['>=1.2.4'], unaffected: ['=1.2.0'] }, '1.2.3', true],
    [{ vulnerable: [''], patched: [''] }, '1.2.3', true],
    [{ vulnerable: ['nonsense'] }, '1.2.3', false],
    [{}, '1.2.3', false],
  ])('%j for %s: %s', (advisory, version, expected) => {
    expect(affectedByConstraints(advisory, version, npm)).toBe(expected);
  });
});
