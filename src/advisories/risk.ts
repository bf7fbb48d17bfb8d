// SPDX-License-Identifier: Apache-2.0
// The risk of a finding, 0 to 100: how likely it is to be exploited times how bad that would be. Described in docs/risk.md;
// the formula is Grype's (grype/vulnerability/metadata.go), but a missing EPSS score counts as unknown, not as 0.
import type { CvssRating, VulnerabilityFinding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';

/** Middle of each band of the qualitative scale, out of 10. */
export const severityPoints: Readonly<Record<Severity, number>> = {
  critical: 9,
  high: 7.5,
  medium: 5,
  low: 3,
  negligible: 0.5,
  unknown: 5,
};

/** What an unscored vulnerability is taken for: about the mean of all published EPSS scores. */
export const unknownExploitation = 0.03;

export interface RiskFactors {
  readonly severity: Severity;
  readonly cvss: readonly Pick<CvssRating, 'score'>[];
  readonly epss?: VulnerabilityFinding['epss'] | undefined;
  readonly knownExploited?: VulnerabilityFinding['knownExploited'] | undefined;
  /** The package itself is the attack. */
  readonly isMalicious?: boolean;
}

/** Probability of exploitation: certain when it is known to happen, else EPSS. */
export function threatOf(factors: Omit<RiskFactors, 'severity' | 'cvss'>): number {
  if (factors.knownExploited !== undefined || factors.isMalicious === true) return 1;
  return factors.epss?.score ?? unknownExploitation;
}

/** Share of the worst case, 0 to 1: mean of the word and the mean CVSS score, or the word alone. */
export function impactOf(severity: Severity, cvss: readonly Pick<CvssRating, 'score'>[]): number {
  const word = severityPoints[severity] / 10;
  const mean = meanScore(cvss);
  return mean === 0 ? word : (word + mean / 10) / 2;
}

/** Mean of the scores; 0 stands for "no score" and is left out. */
export function meanScore(cvss: readonly Pick<CvssRating, 'score'>[]): number {
  const scores = cvss.map((rating) => rating.score).filter((score) => score > 0);
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Known exploitation raises the risk a little over the threat of 1, use by ransomware a little more. */
export function exploitationFactor(knownExploited: VulnerabilityFinding['knownExploited']): number {
  if (knownExploited === undefined) return 1;
  return knownExploited.ransomware ? 1.1 : 1.05;
}

/** 0 to 100, rounded to two decimals so that sums of binary fractions do not show. */
export function riskOf(factors: RiskFactors): number {
  const { severity, cvss, knownExploited } = factors;
  const share = Math.min(threatOf(factors) * impactOf(severity, cvss) * exploitationFactor(knownExploited), 1);
  return Math.round(share * 10_000) / 100;
}
