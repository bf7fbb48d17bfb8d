// SPDX-License-Identifier: Apache-2.0
// What a rule for source code is: a structural pattern in ast-grep's YAML format and what to say about a match. Reading the files is
// rule-file.ts, looking for matches scan-code.ts.
import type { CodeLanguage, CodeMatcher } from '../../formats/syntax-tree.ts';
import type { Confidence } from '../../model/confidence.ts';
import type { Location } from '../../model/location.ts';
import type { Severity } from '../../model/severity.ts';

export interface CodeRule {
  readonly id: string;
  readonly language: CodeLanguage;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What is said about a match; `$NAME` stands for what the variable caught. */
  readonly message: string;
  /** Why it matters and what to do, for people. */
  readonly note: string;
  /** `CWE-78`, sorted. */
  readonly cwes: readonly string[];
  readonly matcher: CodeMatcher;
  /** Replacement for the whole match, with variables; absent when there is no automatic fix. */
  readonly fix?: string;
  /** Globs of paths it is for, and is not for; empty: all, none. */
  readonly files: readonly string[];
  readonly ignores: readonly string[];
  /** Where the rule stands. */
  readonly location: Location;
}
