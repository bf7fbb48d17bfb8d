// SPDX-License-Identifier: Apache-2.0
// Holds the licences of packages against lists of allowed and denied ones. Gives findings; which of them fail a run is decided by severity.
import { pathOf } from '../../advisories/dependency-paths.ts';
import type { SeenPackage } from '../../advisories/seen-packages.ts';
import type { LicenseFinding } from '../../model/finding.ts';
import { licenseSeverities } from '../../model/license.ts';
import type { Severity } from '../../model/severity.ts';
import { severityRank } from '../../model/severity.ts';
import { classifyLicense, coversLicense } from './classify.ts';

export interface LicensePolicy {
  /** SPDX ids, expressions and categories; empty: everything that is not denied, by its category. */
  readonly allow: readonly string[];
  /** The same; wins over `allow`. */
  readonly deny: readonly string[];
}

export interface LicenseResult {
  readonly finding: LicenseFinding;
  /** Allowed by a list, or of a category that asks for no more than a notice. */
  readonly isAllowed: boolean;
}

/** One finding for each licence that the package states. */
export function licensesOfPackage(seen: SeenPackage, policy: LicensePolicy): readonly LicenseResult[] {
  const stated = new Set(seen.places.flatMap(({ item }) => item.licenses).filter((text) => text.trim() !== ''));
  return [...stated].map((expression) => judge(expression, seen, policy));
}

function judge(expression: string, seen: SeenPackage, policy: LicensePolicy): LicenseResult {
  const { spdx, category } = classifyLicense(expression);
  const own = licenseSeverities[category];
  const { basis, severity, reason } = basisOf(expression, policy, own);
  const isHarmless = category === 'notice' || category === 'permissive' || category === 'unencumbered';
  const finding: LicenseFinding = {
    kind: 'license',
    expression,
    ...(spdx === undefined ? {} : { spdx }),
    package: referenceOf(seen),
    category,
    severity,
    basis,
    reason: reason ?? `its class is ${category}`,
  };
  return { finding, isAllowed: basis === 'allowed' || (basis === 'category' && isHarmless) };
}

interface Judgement {
  readonly basis: LicenseFinding['basis'];
  readonly severity: Severity;
  readonly reason?: string;
}

function basisOf(expression: string, policy: LicensePolicy, own: Severity): Judgement {
  if (coversLicense(policy.deny, expression, 'touches'))
    return { basis: 'denied', severity: atLeastHigh(own), reason: 'it is on the list of denied licences' };
  if (policy.allow.length === 0) return { basis: 'category', severity: own };
  if (coversLicense(policy.allow, expression, 'permits'))
    return { basis: 'allowed', severity: own, reason: 'it is on the list of allowed licences' };
  return { basis: 'not-allowed', severity: atLeastHigh(own), reason: 'it is not on the list of allowed licences' };
}

/** Who makes a list wants to hear of what goes against it. */
function atLeastHigh(severity: Severity): Severity {
  return severityRank(severity) <= severityRank('high') ? severity : 'high';
}

function referenceOf(seen: SeenPackage): LicenseFinding['package'] {
  const { item, subject, locations, scope } = seen;
  return {
    subject,
    name: item.name,
    version: item.version,
    type: item.type,
    ...(item.purl === undefined ? {} : { purl: item.purl }),
    locations,
    scope,
    path: pathOf(seen),
  };
}
