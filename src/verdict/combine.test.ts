// SPDX-License-Identifier: Apache-2.0
// One verdict of several: findings, then gaps, then nothing at all.
import { describe, expect, it } from 'vitest';
import type { Verdict, VerdictState } from '../model/verdict.ts';
import type { CombineOptions, TargetVerdict } from './combine.ts';
import { combineVerdicts } from './combine.ts';

const options: CombineOptions = { threshold: 'high', notOpened: [], unread: 0 };
const exitCodes = { clean: 0, empty: 0, findings: 1, incomplete: 3 } as const;

function verdictOf(target: string, state: VerdictState, counts: Partial<Verdict['counts']> = {}): TargetVerdict {
  const none = { over: 0, under: 0, suppressed: 0, errors: 0 };
  const verdict = { state, exitCode: exitCodes[state], threshold: 'high', reason: '', counts: { ...none, ...counts } };
  return { target, verdict: verdict as Verdict };
}

describe('the verdict over several targets', () => {
  it('is findings when any target has some, also when others could not be looked at', () => {
    const verdicts = [verdictOf('a', 'clean'), verdictOf('b', 'findings', { over: 2 }), verdictOf('c', 'incomplete')];

    expect(combineVerdicts(verdicts, { ...options, notOpened: ['d'], unread: 1 })).toMatchObject({
      state: 'findings',
      exitCode: 1,
      reason: '2 findings at or over "high" in 1 of 4 targets (b)',
    });
  });

  it('is incomplete when a target was not looked at as a whole, or not opened', () => {
    expect(combineVerdicts([verdictOf('a', 'clean'), verdictOf('b', 'incomplete')], options)).toMatchObject({
      exitCode: 3,
      reason: 'could not look at everything in 1 of 2 targets (b)',
    });
    expect(combineVerdicts([verdictOf('a', 'clean')], { ...options, notOpened: ['x'] })).toMatchObject({
      state: 'incomplete',
      exitCode: 3,
    });
  });

  it('is incomplete when a file that may name targets could not be read, also when no target is known', () => {
    expect(combineVerdicts([], { ...options, unread: 2 })).toMatchObject({
      exitCode: 3,
      reason: '2 files that may name more could not be read',
    });
  });

  it('is empty only when every target is', () => {
    expect(combineVerdicts([verdictOf('a', 'empty'), verdictOf('b', 'empty')], options).state).toBe('empty');
    expect(combineVerdicts([verdictOf('a', 'empty'), verdictOf('b', 'clean')], options).state).toBe('clean');
  });

  it('is empty, and not clean, when manifests name nothing', () => {
    expect(combineVerdicts([], options)).toMatchObject({
      state: 'empty',
      exitCode: 0,
      reason: 'no targets were named',
    });
  });

  it('adds up what the targets count', () => {
    const verdicts = [
      verdictOf('a', 'clean', { under: 1, suppressed: 2 }),
      verdictOf('b', 'clean', { under: 3, suppressed: 4 }),
    ];

    expect(combineVerdicts(verdicts, options)).toMatchObject({
      exitCode: 0,
      counts: { over: 0, under: 4, suppressed: 6, errors: 0 },
      reason: '4 findings in 2 targets, none at or over "high"',
    });
  });

  it('names three targets and counts the others', () => {
    const verdicts = ['a', 'b', 'c', 'd', 'e'].map((target) => verdictOf(target, 'findings', { over: 1 }));

    expect(combineVerdicts(verdicts, options).reason).toBe(
      '5 findings at or over "high" in 5 of 5 targets (a, b, c and 2 more)',
    );
  });
});
