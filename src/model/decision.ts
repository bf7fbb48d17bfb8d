// SPDX-License-Identifier: Apache-2.0
import type { Finding } from './finding.ts';
import type { Location } from './location.ts';
import type { Severity } from './severity.ts';

/** `error` means "could not look" and never counts as `pass`; `skip` means that the rule does not apply. */
export type Outcome = 'pass' | 'fail' | 'warn' | 'skip' | 'error';

/** One rule applied to one subject. */
export interface Decision {
  /** `<family>/<id>`, e.g. `vulnerability/CVE-2021-23337`. */
  readonly rule: string;
  readonly subject: string;
  readonly outcome: Outcome;
  readonly severity: Severity;
  readonly message: string;
  readonly locations: readonly Location[];
  /** Ids of the evidence it rests on. */
  readonly evidence: readonly string[];
  /** The structured result behind the sentence. */
  readonly finding?: Finding;
  /** Why a failing rule does not count: an ignore entry or a VEX statement. */
  readonly suppressed?: Suppression;
}

export interface Suppression {
  readonly by: 'ignore' | 'vex' | 'exception';
  /** File and entry it comes from. */
  readonly source: string;
  readonly reason: string;
  /** VEX status where it is one. */
  readonly status?: VexStatus;
  /** RFC 3339 date after which it no longer holds. */
  readonly expires?: string;
}

export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
