// SPDX-License-Identifier: Apache-2.0
// What the reports of secrets are views of. Secrets are redacted before they come here.
import type { Problem } from '../../model/problem.ts';
import type { SecretFinding } from '../../model/secret-finding.ts';

export interface ReportedSecret {
  readonly finding: SecretFinding;
  /** It decides about the exit status. */
  readonly isBlocking: boolean;
  readonly suppressed?: { readonly by: string; readonly reason: string };
}

export interface SecretReportView {
  /** As typed: `git:.`, `dir:src`, `staged`. */
  readonly target: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339. */
  readonly createdAt: string;
  readonly secrets: readonly ReportedSecret[];
  readonly problems: readonly Problem[];
  readonly counts: {
    readonly files: number;
    readonly bytes: number;
    readonly commits?: number;
    readonly skipped: Readonly<Record<string, number>>;
  };
  readonly rules: number;
  readonly unused: readonly {
    readonly what: string;
    readonly path: string;
    readonly line?: number;
    readonly why: string;
  }[];
}

export interface SecretReportOptions {
  readonly color: boolean;
  readonly showsSuppressed: boolean;
}
