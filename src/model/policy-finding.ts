// SPDX-License-Identifier: Apache-2.0
import type { Location } from './location.ts';
import type { Severity } from './severity.ts';

/** A rule of a policy that an object does not hold to. */
export interface PolicyFinding {
  readonly kind: 'policy';
  /** `<policy>`, or `<policy>/<rule>` where the policy has several. */
  readonly id: string;
  readonly title: string;
  /** Which engine judged: `admission-policy`, `kyverno`, `pod-security`. */
  readonly engine: string;
  readonly severity: Severity;
  /** What the cluster would do: refuse the object, warn its sender, note it. */
  readonly effect: 'deny' | 'warn' | 'audit';
  /** In one sentence, as the policy words it. */
  readonly message: string;
  /** The object, for people: `Pod shop/web`. */
  readonly resource: string;
  /** Where the policy says so. */
  readonly policyLocation?: Location;
}
