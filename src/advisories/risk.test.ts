// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { impactOf, meanScore, riskOf, unknownExploitation } from './risk.ts';

const epss = { score: 0.5, percentile: 0.95 };

describe('riskOf', () => {
  it('multiplies the probability of exploitation with the severity', () => {
    expect(riskOf({ severity: 'high', cvss: [{ score: 7.5 }], epss })).toBe(37.5);
  });

  it('takes known exploitation for certain and raises it with ransomware', () => {
    const known = { added: '2024-01-01', ransomware: true };

    expect(riskOf({ severity: 'high', cvss: [{ score: 7.5 }], epss, knownExploited: known })).toBe(82.5);
    expect(riskOf({ severity: 'critical', cvss: [{ score: 10 }], knownExploited: known })).toBe(100);
  });

  it('takes a missing EPSS score for unknown, not for 0', () => {
    expect(riskOf({ severity: 'critical', cvss: [] })).toBe(Math.round(unknownExploitation * 0.9 * 10_000) / 100);
    expect(riskOf({ severity: 'critical', cvss: [], epss: { score: 0, percentile: 0 } })).toBe(0);
  });

  it('takes a malicious package for exploited', () => {
    expect(riskOf({ severity: 'critical', cvss: [], isMalicious: true })).toBe(90);
  });
});

describe('impactOf', () => {
  it('is the mean of word and scores, or the word alone', () => {
    expect([impactOf('medium', [{ score: 8 }]), impactOf('medium', []), impactOf('unknown', [])]).toEqual([
      0.65, 0.5, 0.5,
    ]);
  });
});

describe('meanScore', () => {
  it('leaves out scores of 0, which stand for none', () => {
    expect([meanScore([{ score: 0 }, { score: 7.5 }, { score: 8.5 }]), meanScore([{ score: 0 }])]).toEqual([8, 0]);
  });
});
