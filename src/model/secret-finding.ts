// SPDX-License-Identifier: Apache-2.0
import type { Confidence } from './confidence.ts';
import type { Location } from './location.ts';
import type { Severity } from './severity.ts';

/** A secret in a text. What it holds in full stays inside the scanner: only redacted forms leave it. */
export interface SecretFinding {
  readonly kind: 'secret';
  /** Id of the rule. */
  readonly id: string;
  /** What was found, in a few words: `AWS access key`. */
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly location: Location;
  /** First and last characters at most, never enough to use it. */
  readonly redacted: string;
  /** Keyed hash of rule and secret: the same wherever it moves, another for another secret. */
  readonly fingerprint: string;
  /** Of a repository's history: where it came in. */
  readonly commit?: { readonly id: string; readonly author: string; readonly date: string; readonly message: string };
  readonly tags: readonly string[];
}
