// SPDX-License-Identifier: Apache-2.0
// What verification of provenance says to people: what holds, at which level and why not more, or every check that failed with both sides.
import type { Failure } from '../../evidence/provenance/failure.ts';
import { textOf } from '../../evidence/provenance/github-builder.ts';
import { signerName } from '../../evidence/provenance/record.ts';
import type { ProvenanceResult } from '../../evidence/provenance/result.ts';
import { printable } from '../../formats/text-table.ts';

/** Lines about one operand. */
export function provenanceText(name: string, result: ProvenanceResult): string {
  const lines = result.kind === 'verified' ? verifiedLines(result) : failureLines(result.failures);
  const verdict = result.kind === 'verified' ? 'verified' : 'REFUSED';
  return [`${printable(name)}: ${verdict}`, ...lines.map((line) => `  ${printable(line)}`), ''].join('\n');
}

function verifiedLines({
  build,
  level,
  signature,
  package: published,
}: Extract<ProvenanceResult, { kind: 'verified' }>): string[] {
  const [meaning = '', ...reasons] = level.reasons;
  const rows: (readonly [string, string | undefined])[] = [
    ['source', build.source],
    ['commit', build.commit],
    ['ref', build.ref],
    ['builder', textOf({ id: build.builderId, ref: build.builderRef })],
    ['run', build.run],
    ['package', published === undefined ? undefined : `${published.name} ${published.version}`],
    ['signed by', signerName(signature)],
    ['level', `SLSA build ${meaning}`],
    ...reasons.map((reason) => ['', reason] as const),
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [`${label.padEnd(10)}${value}`]));
}

export function failureLines(failures: readonly Failure[]): string[] {
  return failures.flatMap(({ code, message, expected, actual, refusal }) => [
    `${code}${refusal === undefined ? '' : ` (${refusal})`}: ${message}`,
    ...(expected === undefined ? [] : [`  expected  ${expected}`]),
    ...(actual === undefined ? [] : [`  found     ${actual}`]),
  ]);
}

/** The statement as one JSON line; nothing of what was refused. */
export function printProvenance(result: ProvenanceResult): string[] {
  if (result.kind === 'refused') return [];
  const { statement } = result;
  const subject = statement.subjects.map(({ name, digest }) => ({ name, digest: Object.fromEntries(digest) }));
  const _type = `https://in-toto.io/Statement/${statement.version === '1' ? 'v1' : 'v0.1'}`;
  return [
    `${JSON.stringify({ _type, subject, predicateType: statement.predicateType, predicate: statement.predicate })}\n`,
  ];
}
