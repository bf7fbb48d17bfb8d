// SPDX-License-Identifier: Apache-2.0
// Advisories, package lists and one call of the matcher, as tests of matching write them.
import type { AdvisoryLookup } from '../../src/advisories/lookup.ts';
import { type MatchResult, matchPackages } from '../../src/advisories/match.ts';
import { memoryLookup } from '../../src/advisories/memory-lookup.ts';
import type { Advisory, AffectedPackage } from '../../src/model/advisory.ts';
import { type Package, type PackageList, type PackageParts, packageOf } from '../../src/model/package.ts';

type AffectedParts = Partial<AffectedPackage> & Pick<AffectedPackage, 'ecosystem' | 'name' | 'order'>;

export function affects(parts: AffectedParts): AffectedPackage {
  const hasFix = (parts.ranges ?? []).some((range) => range.fixed !== undefined);
  return { ranges: [], versions: [], fixState: hasFix ? 'fixed' : 'unknown', ...parts };
}

export function advisory(id: string, affected: readonly AffectedPackage[], parts: Partial<Advisory> = {}): Advisory {
  return { id, aliases: [], source: 'ghsa', severities: [], cwes: [], affected, ...parts };
}

export const lodash = affects({ ecosystem: 'npm', name: 'lodash', order: 'npm', ranges: [{ fixed: '4.17.21' }] });

export function listOf(packages: readonly PackageParts[], parts: Partial<PackageList> = {}): PackageList {
  return {
    cataloger: 'test',
    path: 'lock',
    ecosystem: 'npm',
    kind: 'declared',
    packages: packages.map(packageOf),
    ...parts,
  };
}

export function match(lists: readonly PackageList[], lookup: AdvisoryLookup): MatchResult {
  const subjectOf = (item: Package): string => `package:${item.type}/${item.id}`;
  return matchPackages(
    lists.map((list) => ({ list, subjectOf })),
    lookup,
  );
}

export function matchOne(item: PackageParts, advisories: readonly Advisory[]): MatchResult {
  return match([listOf([item])], memoryLookup(advisories));
}
