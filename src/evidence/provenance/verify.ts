// SPDX-License-Identifier: Apache-2.0
// The way in: a file with provenance, or a proof found beside an image, against one artifact and what is expected of it. A pure function.
import { type ProvenanceDocument, parseProvenanceDocuments } from '../../formats/provenance-document.ts';
import type { Proof } from '../signatures/proof.ts';
import type { Failure } from './failure.ts';
import { failure } from './failure.ts';
import type { ProvenanceRequest } from './request.ts';
import type { ProvenanceResult } from './result.ts';
import { refused } from './result.ts';
import { verifyCloudBuild } from './verify-cloud-build.ts';
import { verifyGithub } from './verify-github.ts';
import { verifyRegistry } from './verify-registry.ts';

/** Verifies what stands in a file: one document, or several on lines of which one must hold. */
export function verifyProvenance(bytes: Uint8Array, request: ProvenanceRequest): ProvenanceResult {
  const documents = parseProvenanceDocuments(bytes);
  if (documents.kind === 'malformed') return refused(failure('DOCUMENT_MALFORMED', documents.reason));
  return firstVerified(documents.value.map((document) => () => verifyDocument(document, request)));
}

/** Verifies proofs that were found beside an image. */
export function verifyProofs(proofs: readonly Proof[], request: ProvenanceRequest): ProvenanceResult {
  return firstVerified(proofs.map((proof) => () => verifyGithub(proof, request)));
}

function verifyDocument(document: ProvenanceDocument, request: ProvenanceRequest): ProvenanceResult {
  if (document.kind === 'bundle') return verifyGithub(document.bundle, request);
  if (document.kind === 'envelope') return verifyGithub(document.proof, request);
  if (document.kind === 'registry') return verifyRegistry(document.attestations, request);
  return verifyCloudBuild(document, request);
}

function firstVerified(attempts: readonly (() => ProvenanceResult)[]): ProvenanceResult {
  let reason: ProvenanceResult | undefined;
  for (const attempt of attempts) {
    const result = attempt();
    if (result.kind === 'verified') return result;
    if (reason?.kind !== 'refused' || distance(result.failures[0]) > distance(reason.failures[0])) reason = result;
  }
  return reason ?? refused(failure('NOT_PROVED', 'there is no provenance'));
}

/** How far an attempt came: a statement about something else says less than one that fails an expectation. */
function distance({ code }: Failure): number {
  const steps = ['DOCUMENT_MALFORMED', 'PREDICATE_TYPE', 'DIGEST_MISMATCH', 'NOT_PROVED'];
  const step = steps.indexOf(code);
  return step === -1 ? steps.length : step;
}
