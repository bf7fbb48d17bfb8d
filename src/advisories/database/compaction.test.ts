// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { advisoryOf, affectedOf } from '../../../test/support/sample-database.ts';
import { compactEntries } from './compaction.ts';
import { fillGaps } from './gaps.ts';

describe('compactEntries', () => {
  it('joins statements on one package that differ in versions only', () => {
    const advisory = advisoryOf('A', [
      affectedOf('npm', 'one', { ranges: [{ fixed: '1.0.0' }] }),
      affectedOf('npm', 'one', { ranges: [{ introduced: '2.0.0', fixed: '2.1.0' }, { fixed: '1.0.0' }] }),
    ]);

    const entries = compactEntries(advisory);

    expect(entries).toHaveLength(1);
    expect(entries[0]?.affected.ranges).toEqual([{ fixed: '1.0.0' }, { introduced: '2.0.0', fixed: '2.1.0' }]);
  });

  it('keeps statements apart whose fix state or severity differs', () => {
    const advisory = advisoryOf('A', [
      affectedOf('npm', 'one'),
      affectedOf('npm', 'one', { ranges: [{ introduced: '3.0.0' }], fixState: 'not-fixed' }),
      affectedOf('npm', 'one', { severity: 'low' }),
    ]);

    expect(compactEntries(advisory)).toHaveLength(3);
  });

  it('drops listed versions that a range contains, and no others', () => {
    const affected = affectedOf('PyPI', 'one', {
      order: 'pep440',
      ranges: [{ introduced: '1.0', fixed: '2.0' }],
      versions: ['0.9', '1.0', '1.5.post1', '2.0'],
    });

    const entries = compactEntries(advisoryOf('A', [affected]));

    expect(entries[0]?.affected.versions).toEqual(['0.9', '2.0']);
  });

  it('keeps listed versions whose order is not known', () => {
    const affected = affectedOf('npm', 'one', { order: 'from-the-future', versions: ['1.0.0'] });

    expect(compactEntries(advisoryOf('A', [affected]))[0]?.affected.versions).toEqual(['1.0.0']);
  });
});

describe('fillGaps', () => {
  const constraint = affectedOf('Packagist', 'a/b', {
    order: 'packagist',
    ranges: [{ fixed: '1.5' }, { introduced: '2.0', fixed: '2.4' }],
  });
  const summary = { advisory: advisoryOf('ROAVE:a/b', [], { source: 'roave' }), affected: constraint };
  const detail = (ranges: (typeof constraint)['ranges'], parts = {}) => ({
    advisory: advisoryOf('CVE-2024-1', [], { source: 'friendsofphp', ...parts }),
    affected: { ...constraint, ranges },
  });

  it('keeps of a summary what no other source covers', () => {
    const entries = fillGaps([summary, detail([{ fixed: '1.2' }, { introduced: '2.0', fixed: '2.4' }])]);

    expect(entries.find((entry) => entry.advisory.source === 'roave')?.affected.ranges).toEqual([
      { introduced: '1.2', fixed: '1.5' },
    ]);
  });

  it('drops a summary that says nothing new', () => {
    const entries = fillGaps([summary, detail([{ fixed: '1.5' }, { introduced: '2.0', fixed: '2.4' }])]);

    expect(entries.map((entry) => entry.advisory.source)).toEqual(['friendsofphp']);
  });

  it('keeps a summary whole where others were withdrawn or speak of another package', () => {
    const withdrawn = detail([{ fixed: '9' }], { withdrawn: '2024-01-01T00:00:00Z' });
    const other = { ...detail([{ fixed: '9' }]), affected: { ...constraint, name: 'c/d' } };

    expect(fillGaps([summary, withdrawn, other])[0]?.affected.ranges).toEqual(constraint.ranges);
  });
});
