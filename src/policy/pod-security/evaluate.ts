// SPDX-License-Identifier: Apache-2.0
// One Pod against one level and version of the Pod Security Standards (pod-security-admission policy/registry.go).

import type { Level, PodUnderTest, Violation } from './check.ts';
import { podSecurityChecks } from './checks/index.ts';

/** The newest minor version whose rules are known. A newer one is evaluated as this one. */
export const newestMinor = 37;

export interface LevelAndVersion {
  readonly level: Level;
  /** Minor version of Kubernetes 1, or the newest known. */
  readonly version: number | 'latest';
}

export interface CheckViolation extends Violation {
  readonly check: string;
}

/** All violations, in the order of the checks. The privileged level has none. */
export function evaluatePod(pod: PodUnderTest, { level, version }: LevelAndVersion): readonly CheckViolation[] {
  if (level === 'privileged') return [];
  const minor = version === 'latest' ? newestMinor : Math.min(version, newestMinor);
  const active = podSecurityChecks.filter(
    (check) => check.since <= minor && (level === 'restricted' || check.level === 'baseline'),
  );
  const overridden = new Set(active.flatMap(({ overrides }) => overrides ?? []));
  return active.flatMap((check) => {
    if (overridden.has(check.id)) return [];
    const violation = check.evaluate(pod, minor);
    return violation === undefined ? [] : [{ check: check.id, ...violation }];
  });
}

/** All violations in one line, as the API server words a refusal. */
export function describeViolations(violations: readonly CheckViolation[]): string {
  return violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
}

/** `v1.30` or `latest`; undefined for anything else. */
export function parseVersion(text: string): number | 'latest' | undefined {
  if (text === 'latest') return 'latest';
  const minor = /^v1\.(0|[1-9][0-9]{0,3})$/.exec(text)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
