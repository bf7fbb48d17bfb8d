// SPDX-License-Identifier: Apache-2.0
// Packages of the rpm distributions. Errata list binary packages, notes on unfixed vulnerabilities list source packages.
import type { AffectedPackage } from '../../model/advisory.ts';
import type { Distribution, Package, SourcePackage } from '../../model/package.ts';
import { extendedReleases } from '../extended-support.ts';
import { systemMatcher } from '../system-matcher.ts';

export const rpm = systemMatcher({
  id: 'rpm',
  types: ['rpm'],
  extraReleases: (_item, releases, distribution) => extendedReleases(distribution, releases),
  isUnrelatedSource: isKernelHeader,
  concerns: isOfModule,
});

function isKernelHeader(item: Package, source: SourcePackage): boolean {
  return source.name === 'kernel' && item.name === 'kernel-headers';
}

/**
 * A package of a module stream (`nodejs:18`) has fixes of its own: an erratum for another stream, or for the package outside of
 * modules, does not concern it, although the versions could be compared.
 */
function isOfModule(affected: AffectedPackage, item: Package, distribution: Distribution | undefined): boolean {
  const label = labelOf(item, distribution);
  const wanted = affected.modularity ?? '';
  if (label !== undefined) return wanted === '' ? label === '' : label === wanted || label.startsWith(`${wanted}:`);
  if (item.version === '') return true;
  // Without a label the build tells: releases of modules contain `.module+el8` or `.module_el8`.
  const isModular = hasModuleRelease(item.version);
  if (wanted !== '') return isModular;
  const bounds = affected.ranges
    .map((range) => range.fixed ?? range.lastAffected)
    .filter((bound) => bound !== undefined);
  return bounds.length === 0 || bounds.some((bound) => hasModuleRelease(bound) === isModular);
}

/** Oracle Linux leaves the label of its default streams blank, which says nothing. */
function labelOf(item: Package, distribution: Distribution | undefined): string | undefined {
  const label = item.facts?.modularity;
  return label === '' && distribution?.id === 'ol' ? undefined : label;
}

function hasModuleRelease(version: string): boolean {
  return /\.module[+_]/.test(version);
}
