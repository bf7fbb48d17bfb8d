// SPDX-License-Identifier: Apache-2.0
// Patterns over `uses:`, as configurations of zizmor write them: `*`, `owner/*`, `owner/repo`, `owner/repo/*`, `owner/repo/path`, each of the
// last two kinds also with `@ref`. https://docs.zizmor.sh/configuration/
import type { RepositoryUses } from '../../../formats/github-workflow/uses.ts';

export interface UsesPattern {
  readonly kind: 'everything' | 'owner' | 'repository' | 'action' | 'reference';
  /** Lower case; for `reference` without the ref. */
  readonly slug: string;
  readonly ref?: string;
}

/** Undefined when the text is no pattern: a `*` anywhere else, or parts that are missing. */
export function parseUsesPattern(text: string): UsesPattern | undefined {
  const pattern = text.trim();
  if (pattern === '*') return { kind: 'everything', slug: '' };
  const at = pattern.indexOf('@');
  const slug = (at === -1 ? pattern : pattern.slice(0, at)).toLowerCase();
  const ref = at === -1 ? undefined : pattern.slice(at + 1);
  const parts = slug.split('/');
  if (parts.length < 2 || parts.some((part) => part === '')) return undefined;
  const isRest = parts.at(-1) === '*';
  const names = isRest ? parts.slice(0, -1) : parts;
  if (names.some((part) => part.includes('*'))) return undefined;
  if (ref !== undefined) return isRest || ref === '' ? undefined : { kind: 'reference', slug, ref };
  if (!isRest) return { kind: 'action', slug };
  if (names.length > 2) return undefined;
  return { kind: names.length === 1 ? 'owner' : 'repository', slug: names.join('/') };
}

/** Paths that are written in a roundabout way match as what they mean: nobody gets round a list with `owner/./action`. */
export function matchesUses(pattern: UsesPattern, uses: RepositoryUses): boolean {
  if (pattern.kind === 'everything') return true;
  const path = (uses.path ?? '').split('/').filter((part) => part !== '' && part !== '.');
  const slug = [uses.owner, uses.repository, ...path].join('/').toLowerCase();
  if (pattern.kind === 'owner' || pattern.kind === 'repository')
    return slug === pattern.slug || slug.startsWith(`${pattern.slug}/`);
  return slug === pattern.slug && (pattern.kind === 'action' || uses.ref === pattern.ref);
}

const weights = { everything: 0, owner: 1, repository: 2, action: 3, reference: 4 } as const;

/** The more of a reference a pattern names, the more it counts. */
export function patternWeight(pattern: UsesPattern): number {
  return weights[pattern.kind];
}
