// SPDX-License-Identifier: Apache-2.0
// in-toto statements v0.1 and v1 (in-toto/attestation, spec/v1/statement.md): which artifacts a claim is about, and what kind of claim it is.
// What the predicate says is left to its readers.

import { defaultLimits } from '../model/limits.ts';
import type { JsonObject } from './document.ts';
import { entriesOf } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';

export const inTotoPayloadType = 'application/vnd.in-toto+json';

export interface StatementSubject {
  readonly name: string;
  /** Hex by algorithm name, as it stands. */
  readonly digest: ReadonlyMap<string, string>;
  readonly annotations: JsonObject | undefined;
}

export interface InTotoStatement {
  readonly version: '0.1' | '1';
  readonly subjects: readonly StatementSubject[];
  readonly predicateType: string;
  readonly predicate: unknown;
}

const types: Readonly<Record<string, InTotoStatement['version']>> = {
  'https://in-toto.io/Statement/v0.1': '0.1',
  'https://in-toto.io/Statement/v1': '1',
};

/** Reads the payload of an envelope. */
export function parseInTotoStatement(payload: Uint8Array): Parsed<InTotoStatement> {
  return parsing(() => {
    const limits = { bytes: defaultLimits.attestationBytes, depth: defaultLimits.depth };
    const root = new MemberReader(required(parseStrictJson(payload, limits), 'statement'));
    const version = types[root.text('_type')] ?? root.fail('_type', 'not an in-toto statement');
    const subjects = root.members('subject', defaultLimits.attestationSubjects).map(readSubject);
    if (subjects.length === 0) malformed('subject: at least one is required');
    const predicateType = root.text('predicateType');
    if (predicateType === '') malformed('predicateType: a type is required');
    return { version, subjects, predicateType, predicate: root.object['predicate'] };
  });
}

function readSubject(subject: MemberReader): StatementSubject {
  const digest = new Map<string, string>();
  for (const [algorithm, value] of entriesOf(subject.member('digest').object)) {
    if (typeof value !== 'string') subject.fail('digest', 'texts are required');
    else digest.set(algorithm, value);
  }
  return {
    name: subject.optionalText('name') ?? '',
    digest,
    annotations: subject.optionalMember('annotations')?.object,
  };
}
