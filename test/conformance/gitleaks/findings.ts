// SPDX-License-Identifier: Apache-2.0
// Compares findings as upstream's tests do: only fields of the expected finding, entropy to four digits, in any order.

import type { RawSecret } from '../../../src/evidence/secrets/raw-secret.ts';
import type { GitleaksFinding } from '../../../src/formats/gitleaks-report.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet } from '../pack.ts';
import { fieldsOf, listOf } from './row.ts';

export type ShownFinding = GitleaksFinding & { readonly Line: string };

export interface Comparison {
  /** Fields that upstream's test does not look at. */
  readonly without?: readonly string[];
}

/** Go's zero values stand for fields that an expected finding leaves out. */
const defaults: Readonly<Record<string, unknown>> = {
  RuleID: '',
  Description: '',
  StartLine: 0,
  EndLine: 0,
  StartColumn: 0,
  EndColumn: 0,
  Line: '',
  Match: '',
  Secret: '',
  File: '',
  SymlinkFile: '',
  Commit: '',
  Link: '',
  Entropy: 0,
  Author: '',
  Email: '',
  Date: '',
  Message: '',
  Tags: [],
  Fingerprint: '',
};

export function compareFindings(
  expected: unknown,
  found: readonly ShownFinding[],
  { without = [] }: Comparison = {},
): CaseResult {
  const plain = (item: Readonly<Record<string, unknown>>): object =>
    Object.fromEntries(
      Object.keys(defaults)
        .filter((field) => !without.includes(field))
        .map((field) => [field, roundedField(field, item[field] ?? defaults[field])]),
    );
  return expectSameSet(
    listOf(expected).map((item) => plain(fieldsOf(item))),
    found.map((item) => plain(fieldsOf(item))),
  );
}

function roundedField(field: string, value: unknown): unknown {
  return field === 'Entropy' && typeof value === 'number' ? value.toFixed(3) : value;
}

export function shown(finding: GitleaksFinding, raw: RawSecret): ShownFinding {
  return { ...finding, Line: Buffer.from(raw.gitleaks.line, 'latin1').toString('utf8') };
}
