// SPDX-License-Identifier: Apache-2.0
// One question about provenance: which artifact, what is expected, whom to trust, and when it is asked.
import type { InTotoStatement } from '../../formats/in-toto-statement.ts';
import type { SlsaProvenance } from '../../formats/slsa-provenance.ts';
import { parseSlsaProvenance, provenanceTypes, provenanceVersion } from '../../formats/slsa-provenance.ts';
import type { Artifact } from '../signatures/proof.ts';
import type { ProvenanceExpectation, ProvenanceTrust } from './expectation.ts';
import type { Failure } from './failure.ts';
import { failure } from './failure.ts';

export interface ProvenanceRequest {
  readonly artifact: Artifact;
  readonly expectation: ProvenanceExpectation;
  readonly trust: ProvenanceTrust;
  /** Now, in milliseconds since 1970. */
  readonly time: number;
}

/** Types of statement that count. */
export function predicateTypesOf({ predicateTypes }: ProvenanceExpectation): readonly string[] {
  return predicateTypes ?? Object.values(provenanceTypes);
}

/** The predicate of a statement whose signature was found good. */
export function provenanceOf(statement: InTotoStatement): SlsaProvenance | Failure {
  const version = provenanceVersion(statement.predicateType);
  if (version === undefined)
    return failure('PREDICATE_TYPE', 'the statement is not SLSA provenance', { actual: statement.predicateType });
  const parsed = parseSlsaProvenance(version, statement.predicate);
  return parsed.kind === 'parsed' ? parsed.value : failure('PREDICATE_MALFORMED', parsed.reason);
}
