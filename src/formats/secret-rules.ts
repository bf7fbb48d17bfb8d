// SPDX-License-Identifier: Apache-2.0
// What a secret rule is, whatever file it comes from: gitleaks' words, and what the rules of this program say besides.
import type { Confidence } from '../model/confidence.ts';
import type { Severity } from '../model/severity.ts';
import type { TranslatedPattern } from './re2-to-js.ts';

export interface SecretAllowlist {
  readonly description: string;
  /** `and`: all kinds of checks that are given must hold; `or`: one is enough. */
  readonly condition: 'or' | 'and';
  /** Lower case. */
  readonly commits: readonly string[];
  /** RE2 expressions. */
  readonly paths: readonly string[];
  readonly regexTarget: 'secret' | 'match' | 'line';
  readonly regexes: readonly string[];
  /** Lower case. */
  readonly stopWords: readonly string[];
}

/** Another rule that must find something near: a composite rule. Without distances anywhere in the same fragment. */
export interface RequiredRule {
  readonly id: string;
  readonly withinLines?: number;
  readonly withinColumns?: number;
}

export interface SecretRule {
  readonly id: string;
  readonly description: string;
  /** RE2; absent in rules that look at paths only. */
  readonly regex?: string;
  readonly path?: string;
  /** Group of `regex` that is the secret; 0: the first one that is not empty. */
  readonly secretGroup: number;
  /** Shannon entropy that the secret must exceed; 0: not asked for. */
  readonly entropy: number;
  /** Lower case; one of them must stand in the fragment. None: the rule is always tried. */
  readonly keywords: readonly string[];
  readonly tags: readonly string[];
  /** Reports nothing by itself, only for rules that require it. */
  readonly skipReport: boolean;
  readonly allowlists: readonly SecretAllowlist[];
  readonly required: readonly RequiredRule[];
  /** Of our own rules. */
  readonly confidence?: Confidence;
  readonly severity?: Severity;
  /** `regex` as it was translated when the program was built. */
  readonly translated?: TranslatedPattern;
}

export interface SecretRuleSet {
  readonly title: string;
  readonly description: string;
  /** In the order of the file; after an extension sorted by id. */
  readonly rules: readonly SecretRule[];
  /** Allowlists of all rules. */
  readonly allowlists: readonly SecretAllowlist[];
}
