// SPDX-License-Identifier: Apache-2.0
// Language packages and binaries that an operating system package installed: the distribution repairs them, so its word counts.
import { systemTypes } from '../formats/purl-package.ts';
import type { VulnerabilityFinding } from '../model/finding.ts';
import type { Distribution, Package } from '../model/package.ts';
import type { PackageHits } from './hits.ts';
import { namesOfEntry } from './overrule.ts';

/** Distributions whose advisories cover everything that their packages install. */
const comprehensive: ReadonlySet<string> = new Set(['debian', 'ubuntu', 'rhel', 'centos', 'azurelinux', 'mariner']);

/**
 * Whether the package is a second view of its owner, which is looked up anyway: everything a distribution with comprehensive
 * advisories installed, elsewhere binaries that bear the owner's version.
 */
export function isSecondView(item: Package, owner: Package, distribution: Distribution | undefined): boolean {
  if (!systemTypes.has(owner.type) || systemTypes.has(item.type)) return false;
  if (comprehensive.has(distribution?.id ?? '')) return true;
  return item.type === 'generic' && (owner.version.startsWith(item.version) || item.version.startsWith(owner.version));
}

/**
 * Takes out findings on which the owner has an advisory that does not cover the installed version: the distribution has repaired
 * them, or says that they never applied.
 */
export function withoutRepaired(
  findings: readonly VulnerabilityFinding[],
  owners: readonly PackageHits[],
): readonly VulnerabilityFinding[] {
  const repaired = new Set(owners.flatMap((owner) => [...owner.others, ...owner.cleared]).flatMap(namesOfEntry));
  const open = new Set(owners.flatMap((owner) => owner.hits).flatMap((hit) => namesOfEntry(hit.entry)));
  return findings.filter(
    (finding) => ![finding.id, ...finding.aliases].some((id) => repaired.has(id) && !open.has(id)),
  );
}
