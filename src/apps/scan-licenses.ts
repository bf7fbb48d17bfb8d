// SPDX-License-Identifier: Apache-2.0
// Decisions about the licences of an inspected target. A package whose licence is not stated is told of, once for all of them: it makes
// a run incomplete only when there is a list of allowed licences, which such a package cannot be held against.
import { collectPackages } from '../advisories/seen-packages.ts';
import type { LicensePolicy } from '../evidence/licenses/policy.ts';
import { licensesOfPackage } from '../evidence/licenses/policy.ts';
import { packageSubject } from '../evidence/packages/record.ts';
import type { Decision } from '../model/decision.ts';
import type { LicenseFinding } from '../model/finding.ts';
import type { PackageList } from '../model/package.ts';
import { plural } from '../model/quantity.ts';

export interface LicenseDecisionOptions {
  readonly policy: LicensePolicy;
  /** Subject of the decision about packages without a licence. */
  readonly target: string;
  /** Ids of the evidence on a package. */
  readonly evidenceOf: (subject: string) => readonly string[];
  readonly tolerated: ReadonlySet<string>;
}

export interface LicenseDecisions {
  readonly decisions: readonly Decision[];
  /** What could not be judged, at most one. */
  readonly undecided: readonly Decision[];
}

/** How many packages without a licence are named. */
const named = 5;

export function decideLicenses(lists: readonly PackageList[], options: LicenseDecisionOptions): LicenseDecisions {
  const packages = collectPackages(lists.map((list) => ({ list, subjectOf: (item) => packageSubject(item).id })));
  const decisions: Decision[] = [];
  const unstated: string[] = [];
  for (const seen of packages.values()) {
    const results = licensesOfPackage(seen, options.policy);
    if (results.length === 0) unstated.push(seen.item.name);
    for (const { finding, isAllowed } of results) {
      decisions.push(decisionOf(finding, isAllowed ? 'pass' : 'fail', options));
    }
  }
  return { decisions, undecided: unstated.length === 0 ? [] : [unstatedDecision(unstated, options)] };
}

function decisionOf(finding: LicenseFinding, outcome: 'pass' | 'fail', options: LicenseDecisionOptions): Decision {
  const { name, version, subject, locations } = finding.package;
  const license = finding.spdx ?? finding.expression;
  return {
    rule: `license/${license}`,
    subject,
    outcome,
    severity: finding.severity,
    message: `${name} ${version} is under ${license}: ${finding.reason}`,
    locations,
    evidence: options.evidenceOf(subject),
    finding,
  };
}

function unstatedDecision(names: readonly string[], options: LicenseDecisionOptions): Decision {
  const isNeeded = options.policy.allow.length > 0 && !options.tolerated.has('unlicensed');
  const more = names.length > named ? ', …' : '';
  return {
    rule: 'license/coverage',
    subject: options.target,
    outcome: isNeeded ? 'error' : 'warn',
    severity: 'unknown',
    message: `no licence is stated for ${plural(names.length, 'package')} (${names.slice(0, named).join(', ')}${more})`,
    locations: [],
    evidence: [],
  };
}
