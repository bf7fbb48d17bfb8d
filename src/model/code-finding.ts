// SPDX-License-Identifier: Apache-2.0
import type { Confidence } from './confidence.ts';
import type { Location } from './location.ts';
import type { Severity } from './severity.ts';
import type { Fix } from './text-edit.ts';

/** A weakness in source code, found by a rule of our own or reported by another analyser (SARIF). */
export interface CodeFinding {
  readonly kind: 'code';
  /** Id of the rule. */
  readonly id: string;
  readonly title: string;
  readonly message: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly location: Location;
  /** `CWE-89`, sorted. */
  readonly cwes: readonly string[];
  /** Analyser that reported it: `landwaiter` or the name in the SARIF file. Several when they agree. */
  readonly reportedBy: readonly string[];
  /** Hash that stays when the lines around it move. */
  readonly fingerprint: string;
  readonly fix?: Fix;
}
