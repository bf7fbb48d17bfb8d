// SPDX-License-Identifier: Apache-2.0
// Packages of the rpm distributions. Errata list binary packages, notes on unfixed vulnerabilities list source packages.
import type { AffectedPackage } from '../../model/advisory.ts';
import type { Package, SourcePackage } from '../../model/package.ts';
import { systemMatcher } from '../system-matcher.ts';

export const rpm = systemMatcher({
  id: 'rpm',
  types: ['rpm'],
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
function isOfModule(affected: AffectedPackage, item: Package): boolean {
  const label = item.facts?.modularity;
  const wanted = affected.modularity ?? '';
  if (label !== undefined) return wanted === '' ? label === '' : label === wanted || label.startsWith(`${wanted}:`);
  // Without a label the build tells: releases of modules contain `.module+el8` or `.module_el8`.
  const isModular = hasModuleRelease(item.version);
  if (wanted !== '') return isModular;
  const bounds = affected.ranges
    .map((range) => range.fixed ?? range.lastAffected)
    .filter((bound) => bound !== undefined);
  return bounds.length === 0 || bounds.some((bound) => hasModuleRelease(bound) === isModular);
}

function hasModuleRelease(version: string): boolean {
  return /\.module[+_]/.test(version);
}
