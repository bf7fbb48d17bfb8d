// SPDX-License-Identifier: Apache-2.0
// Licences as a person wants to see them: one line per licence, not one per package.
import type { LicenseFinding } from './finding.ts';
import type { LicenseDecision } from './projection.ts';

export interface LicenseGroup {
  /** In SPDX ids where the words are known. */
  readonly license: string;
  readonly category: LicenseFinding['category'];
  readonly severity: LicenseFinding['severity'];
  readonly reason: string;
  /** At least one, in the order given. */
  readonly items: readonly LicenseDecision[];
}

/** In the order in which the licences first appear; what is judged differently stands apart. */
export function groupLicenses(items: readonly LicenseDecision[]): readonly LicenseGroup[] {
  const groups = Map.groupBy(items, ({ finding }) => `${licenseName(finding)}\n${finding.severity}\n${finding.reason}`);
  return [...groups.values()].flatMap((group) => {
    const first = group[0]?.finding;
    if (first === undefined) return [];
    const { category, severity, reason } = first;
    return [{ license: licenseName(first), category, severity, reason, items: group }];
  });
}

export function licenseName(finding: LicenseFinding): string {
  return finding.spdx ?? finding.expression;
}

/** `a 1.0, b 2.1 and 5 more` */
export function packagesOfGroup(group: LicenseGroup, shown: number): string {
  const names = [
    ...new Set(group.items.map(({ finding }) => `${finding.package.name} ${finding.package.version}`.trim())),
  ];
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `${names.slice(0, shown).join(', ')}${more}`;
}
