// SPDX-License-Identifier: Apache-2.0
// Findings of one check together: ten setuid files are one thing to decide about.
import type { MisconfigurationFinding } from './finding.ts';
import type { MisconfigurationDecision } from './projection.ts';

export interface MisconfigurationGroup {
  /** The first of them. */
  readonly finding: MisconfigurationFinding;
  readonly items: readonly MisconfigurationDecision[];
}

/** More findings of one check and severity than this become one. */
const most = 2;

/** In the order of the first of each group. */
export function groupMisconfigurations(items: readonly MisconfigurationDecision[]): readonly MisconfigurationGroup[] {
  const groups = Map.groupBy(items, ({ finding }) => `${finding.severity} ${finding.id}`);
  return [...groups.values()].flatMap((group) => {
    const parts = group.length > most ? [group] : group.map((item) => [item]);
    return parts.flatMap((part) => (part[0] === undefined ? [] : [{ finding: part[0].finding, items: part }]));
  });
}

/** What a group is about: the sentence of a single finding, or the first `named` things of several. */
export function describeGroup({ finding, items }: MisconfigurationGroup, named: number): string {
  if (items.length === 1) return finding.message;
  const more = items.length > named ? `, +${items.length - named}` : '';
  const things = items.slice(0, named).map((item) => item.finding.resource);
  return `${items.length} × ${things.join(', ')}${more}`;
}

/** The fix of each check once, in the order of the findings. */
export function remediationsOf(items: readonly MisconfigurationDecision[]): ReadonlyMap<string, string> {
  return new Map(
    items.filter(({ finding }) => finding.remediation !== '').map(({ finding }) => [finding.id, finding.remediation]),
  );
}
