// SPDX-License-Identifier: Apache-2.0
// Of the policies in force those that are for scans, compiled by themselves: a policy that is for admission only judges nothing that is there already.
import type { CompileOptions } from '../../../../policy/engine.ts';
import { policyEngines } from '../../../../policy/engines.ts';
import type { PolicySet } from '../../../../policy/policy-set.ts';
import { compilePolicySet } from '../../../../policy/policy-set.ts';
import type { ScanPolicies } from './background-scan.ts';
import { isForScans } from './policy-intents.ts';

/** Never throws: what is in force could be compiled. */
export function scanPoliciesOf(set: PolicySet, options: Omit<CompileOptions, 'unbound'>): ScanPolicies {
  const documents = set.engines.flatMap(({ documents: own }) => own).filter(({ object }) => isForScans(object));
  return {
    set: compilePolicySet(documents, policyEngines, { ...options, unbound: 'apply' }),
    documents: documents.map(({ object }) => object),
  };
}
