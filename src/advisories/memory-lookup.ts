// SPDX-License-Identifier: Apache-2.0
// A database in memory, made of a list of advisories: for imported files and for tests.
import type { Advisory } from '../model/advisory.ts';
import type { AdvisoryEntry, AdvisoryLookup, DatabaseDescription, VulnerabilityContext } from './lookup.ts';

export interface MemoryLookupOptions {
  /** By CVE id. */
  readonly context?: ReadonlyMap<string, VulnerabilityContext>;
  /** Ecosystems that count as covered although no advisory names them. */
  readonly covered?: readonly string[];
  readonly description?: Partial<DatabaseDescription>;
}

/** The names in the advisories must be normalised already (src/advisories/names.ts). */
export function memoryLookup(advisories: readonly Advisory[], options: MemoryLookupOptions = {}): AdvisoryLookup {
  const entries = new Map<string, AdvisoryEntry[]>();
  const covered = new Set(options.covered);
  for (const { affected: all, ...advisory } of advisories) {
    for (const affected of all) {
      covered.add(affected.ecosystem);
      const key = keyOf(affected.ecosystem, affected.name);
      const known = entries.get(key);
      if (known === undefined) entries.set(key, [{ advisory, affected }]);
      else known.push({ advisory, affected });
    }
  }
  return {
    find: (ecosystem, name) => entries.get(keyOf(ecosystem, name)) ?? [],
    covers: (ecosystem) => covered.has(ecosystem),
    context: (cve) => options.context?.get(cve) ?? {},
    description: { ...descriptionOf(advisories), ...options.description },
  };
}

function keyOf(ecosystem: string, name: string): string {
  return `${ecosystem}\n${name}`;
}

function descriptionOf(advisories: readonly Advisory[]): DatabaseDescription {
  const sources = Map.groupBy(advisories, (advisory) => advisory.source);
  return {
    digest: '',
    builtAt: '',
    newest: newestOf(advisories),
    advisories: advisories.length,
    stale: false,
    sources: [...sources].map(([id, all]) => ({ id, advisories: all.length, newest: newestOf(all) })),
  };
}

function newestOf(advisories: readonly Advisory[]): string {
  return advisories.reduce((newest, { modified, published }) => {
    const date = modified ?? published ?? '';
    return date > newest ? date : newest;
  }, '');
}
