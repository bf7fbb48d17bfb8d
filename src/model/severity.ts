// SPDX-License-Identifier: Apache-2.0

/** From worst to least; `unknown` means that nobody rated it, which is not the same as harmless. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
export type Severity = (typeof severities)[number];

/** 0 for critical ... 5 for unknown: ascending order is worst first. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** true when `severity` is as bad as `threshold` or worse. `unknown` never reaches a threshold but `unknown`. */
export function reachesSeverity(severity: Severity, threshold: Severity): boolean {
  return severityRank(severity) <= severityRank(threshold);
}

/** Reads a severity word of any vendor, case-insensitively (`MODERATE` and `important` included); else undefined. */
export function parseSeverity(word: string): Severity | undefined {
  switch (word.trim().toLowerCase()) {
    case 'critical':
      return 'critical';
    case 'high':
    case 'important':
      return 'high';
    case 'medium':
    case 'moderate':
      return 'medium';
    case 'low':
      return 'low';
    case 'negligible':
    case 'unimportant':
    case 'minimal':
    case 'none':
      return 'negligible';
    case 'unknown':
      return 'unknown';
    default:
      return undefined;
  }
}

/** Qualitative rating of a CVSS base score (CVSS 3.1 section 5, the same bands for 4.0); 0 is `negligible`. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  if (score > 0) return 'low';
  return 'negligible';
}
