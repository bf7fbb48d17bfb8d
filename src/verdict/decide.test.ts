// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../model/coverage.ts';
import type { Decision } from '../model/decision.ts';
import { decide } from './decide.ts';

const clean: Coverage = { filesSeen: 1, filesRead: 1, bytesRead: 1, skipped: [], problems: [] };
const broken: Coverage = {
  ...clean,
  problems: [
    { kind: 'syntax', message: 'unexpected end of file', location: { path: 'a.lock', line: 88 }, hidesFindings: true },
  ],
};

function decision(parts: Partial<Decision>): Decision {
  return {
    rule: 'vulnerability/X',
    subject: 'package:p',
    outcome: 'fail',
    severity: 'high',
    message: 'm',
    locations: [],
    evidence: [],
    ...parts,
  };
}

describe('decide', () => {
  it('is clean only when nothing failed and everything was read', () => {
    const verdict = decide([decision({ outcome: 'pass' })], { threshold: 'high', coverage: [clean] });

    expect(verdict).toMatchObject({ state: 'clean', exitCode: 0 });
  });

  it('does not call a target clean in which nothing was recognised', () => {
    const verdict = decide([], { threshold: 'high', coverage: [clean], recognised: 0 });

    expect(verdict).toMatchObject({ state: 'empty', exitCode: 0 });
    expect(verdict.reason).toMatch(/^nothing recognised in 1 file/);
  });

  it('is incomplete rather than empty when something could not be read', () => {
    const verdict = decide([], { threshold: 'high', coverage: [broken], recognised: 0 });

    expect(verdict).toMatchObject({ state: 'incomplete', exitCode: 3 });
  });

  it('reports findings at the threshold, not below it', () => {
    const verdict = decide([decision({}), decision({ severity: 'low' })], { threshold: 'high', coverage: [clean] });

    expect(verdict).toMatchObject({ state: 'findings', exitCode: 1, counts: { over: 1, under: 1 } });
  });

  it('is incomplete, not clean, when a file that could hide a finding was not read', () => {
    const verdict = decide([], { threshold: 'high', coverage: [broken] });

    expect(verdict).toMatchObject({
      state: 'incomplete',
      exitCode: 3,
      reason: 'could not look at a.lock:88 (unexpected end of file)',
    });
  });

  it('is incomplete when a rule could not be decided', () => {
    const verdict = decide([decision({ outcome: 'error', message: 'no advisories for Hex' })], {
      threshold: 'high',
      coverage: [clean],
    });

    expect(verdict).toMatchObject({ state: 'incomplete', exitCode: 3, reason: 'no advisories for Hex' });
  });

  it('lets findings win over incompleteness because they are certain', () => {
    const verdict = decide([decision({})], { threshold: 'high', coverage: [broken] });

    expect(verdict.exitCode).toBe(1);
  });

  it('does not count what is suppressed', () => {
    const suppressed = { by: 'ignore', source: 'f', reason: 'r' } as const;

    const verdict = decide([decision({ suppressed })], { threshold: 'low', coverage: [clean] });

    expect(verdict).toMatchObject({ state: 'clean', counts: { suppressed: 1, over: 0 } });
  });
});
