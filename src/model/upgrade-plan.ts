// SPDX-License-Identifier: Apache-2.0
import type { VulnerabilityFinding } from './finding.ts';
import { compareText } from './projection.ts';

export interface UpgradeStep {
  readonly name: string;
  readonly installed: string;
  /** Version that clears every finding of the package that has a fix. */
  readonly version: string;
  /** Findings it clears. */
  readonly clears: number;
}

/**
 * One step per installed package, the most effective first. `clearedBy` stands in each finding: the smallest version that clears all
 * findings of its package, computed by matching, which knows how the ecosystem orders versions.
 */
export function upgradePlan(findings: readonly VulnerabilityFinding[]): readonly UpgradeStep[] {
  const steps = new Map<string, { name: string; installed: string; version: string; clears: number }>();
  for (const finding of findings) {
    if (finding.clearedBy === undefined || finding.fixedVersions.length === 0) continue;
    const step = steps.get(finding.package.subject);
    if (step === undefined) {
      steps.set(finding.package.subject, {
        name: finding.package.name,
        installed: finding.package.version,
        version: finding.clearedBy,
        clears: 1,
      });
    } else step.clears += 1;
  }
  return [...steps.values()].sort((a, b) => b.clears - a.clears || compareText(a.name, b.name));
}
