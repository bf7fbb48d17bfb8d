// SPDX-License-Identifier: Apache-2.0
// What an advisory database has to answer about actions (ecosystem "GitHub Actions").
import type { Severity } from '../../../model/severity.ts';

export interface ActionAdvisory {
  /** `GHSA-...` or `CVE-...`. */
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  /** Smallest version without the weakness. */
  readonly fixed?: string;
}

export interface ActionAdvisories {
  /** Advisories of `owner/repository` (lower case) that are about `version`; undefined when the database could not be asked. */
  advisoriesOf(slug: string, version: string): Promise<readonly ActionAdvisory[] | undefined>;
}
