// SPDX-License-Identifier: Apache-2.0
// Severities on the screen, in their colours.
import type { styleText } from 'node:util';
import type { VulnerabilityFinding } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';
import { severities } from '../../model/severity.ts';

export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** `2 critical  5 high`. */
export function severityCounts(findings: readonly Pick<VulnerabilityFinding, 'severity'>[], paint: Paint): string {
  const parts = severities.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }));
  return parts
    .filter((part) => part.count > 0)
    .map((part) => `${part.count} ${severityWord(part.severity, paint)}`)
    .join('  ');
}

export function severityWord(severity: Severity, paint: Paint, word: string = severity): string {
  switch (severity) {
    case 'critical':
      return paint(['red', 'bold'], word);
    case 'high':
      return paint('red', word);
    case 'medium':
      return paint('yellow', word);
    default:
      return paint('dim', word);
  }
}
