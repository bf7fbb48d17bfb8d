// SPDX-License-Identifier: Apache-2.0
// Findings of one check together: ten setuid files are one thing to decide about.
import type { PlacedDecision, PlacedWords } from './placed-finding.ts';

export interface FindingGroup {
  /** The first of them. */
  readonly told: PlacedWords;
  readonly items: readonly PlacedDecision[];
}

/** More findings of one check and severity than this become one. */
const most = 2;

/** In the order of the first of each group. */
export function groupFindings(items: readonly PlacedDecision[]): readonly FindingGroup[] {
  const groups = Map.groupBy(items, ({ told }) => `${told.severity} ${told.id}`);
  return [...groups.values()].flatMap((group) => {
    const parts = group.length > most ? [group] : group.map((item) => [item]);
    return parts.flatMap((part) => (part[0] === undefined ? [] : [{ told: part[0].told, items: part }]));
  });
}

/** What a group is about: the sentence of a single finding, or the first `named` things of several. */
export function describeGroup({ told, items }: FindingGroup, named: number): string {
  if (items.length === 1) return told.message;
  const things = [...new Set(items.map((item) => item.told.resource))].filter((thing) => thing !== '');
  if (things.length === 0) return `${items.length} × ${told.title}`;
  const more = things.length > named ? `, +${things.length - named}` : '';
  return `${items.length} × ${things.slice(0, named).join(', ')}${more}`;
}

/** The fix of each check once, in the order of the findings. */
export function remediationsOf(items: readonly PlacedDecision[]): ReadonlyMap<string, string> {
  return new Map(items.filter(({ told }) => told.remediation !== '').map(({ told }) => [told.id, told.remediation]));
}
