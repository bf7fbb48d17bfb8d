// SPDX-License-Identifier: Apache-2.0
// Packages for which "no finding" proves nothing, grouped by reason and ecosystem.
import type { SeenPackage } from './seen-packages.ts';

export type UncoveredReason =
  | 'no-database' // advisories exist, the database lacks the ecosystem
  | 'partial' // the database holds a sample only
  | 'no-ecosystem' // nobody publishes advisories on such packages
  | 'no-version' // nothing to compare
  | 'no-distribution' // the distribution or its release is not known
  | 'no-name' // the name lacks a part, e.g. a Maven group
  | 'end-of-life' // the distribution no longer publishes advisories
  | 'supplier'; // patched by a supplier whose feed the database lacks

export interface UncoveredPackages {
  readonly reason: UncoveredReason;
  /** OSV ecosystem, or purl type where there is none. */
  readonly ecosystem: string;
  /** Names with versions, sorted. */
  readonly packages: readonly string[];
  /** false where nobody could have looked. */
  readonly hidesFindings: boolean;
  /** A sentence for people. */
  readonly message: string;
}

/** At most this many names stand in a message; `packages` has all. */
const named = 3;

export class UncoveredCollector {
  readonly #partial: ReadonlySet<string>;
  readonly #groups = new Map<string, { reason: UncoveredReason; ecosystem: string; packages: SeenPackage[] }>();

  constructor(partial: readonly string[]) {
    this.#partial = new Set(partial);
  }

  add(reason: UncoveredReason, ecosystem: string, seen: SeenPackage): void {
    const key = `${reason}\n${ecosystem}`;
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, { reason, ecosystem, packages: [seen] });
    else group.packages.push(seen);
  }

  /** Notes the package when the database has only a sample of its ecosystem. */
  addPartial(ecosystem: string, seen: SeenPackage): void {
    if (this.#partial.has(ecosystem)) this.add('partial', ecosystem, seen);
  }

  /** Sorted by ecosystem and reason. A requirement without a version is left out when another list resolves the same name. */
  result(all: Iterable<SeenPackage>): readonly UncoveredPackages[] {
    const resolved = new Set<string>();
    for (const { item } of all) if (item.version !== '') resolved.add(`${item.type}\n${item.name}`);
    const groups: UncoveredPackages[] = [];
    for (const { reason, ecosystem, packages } of this.#groups.values()) {
      const left =
        reason === 'no-version'
          ? packages.filter(({ item }) => !resolved.has(`${item.type}\n${item.name}`) || item.version !== '')
          : packages;
      if (left.length === 0) continue;
      const labels = left.map(({ item }) => (item.version === '' ? item.name : `${item.name}@${item.version}`)).sort();
      const hidesFindings = reason !== 'no-ecosystem' && reason !== 'end-of-life';
      groups.push({
        reason,
        ecosystem,
        packages: labels,
        hidesFindings,
        message: messageOf(reason, ecosystem, labels),
      });
    }
    return groups.sort((a, b) => compare(`${a.ecosystem}\n${a.reason}`, `${b.ecosystem}\n${b.reason}`));
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function messageOf(reason: UncoveredReason, ecosystem: string, labels: readonly string[]): string {
  const count = labels.length === 1 ? '1 package' : `${labels.length} packages`;
  const more = labels.length > named ? ', …' : '';
  const examples = `${labels.slice(0, named).join(', ')}${more}`;
  switch (reason) {
    case 'no-database':
      return `the database has no advisories for ${ecosystem}: ${count} not looked up (${examples})`;
    case 'partial':
      return `the database has only a sample of the advisories for ${ecosystem}: ${count} looked up in part (${examples})`;
    case 'no-ecosystem':
      return `nobody publishes advisories on packages of the type ${ecosystem}: ${count} not looked up (${examples})`;
    case 'no-version':
      return `no version to compare: ${count} of the type ${ecosystem} not looked up (${examples})`;
    case 'no-distribution':
      return `no advisories are known for the distribution of ${count} (${ecosystem}): ${examples}`;
    case 'no-name':
      return `the name is not complete: ${count} of the type ${ecosystem} not looked up (${examples})`;
    case 'end-of-life':
      return `the support of ${ecosystem} has ended, new vulnerabilities are no longer told: ${count} (${examples})`;
    default:
      return `patched by a supplier whose advisories (${ecosystem}) the database lacks: ${count} not looked up (${examples})`;
  }
}
